//! `cargo xtask engines`: the packages in other engines than those that the tests run all the time.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::browser::{self, Browser};
use crate::machine::{install_from_debian, on_path};
use crate::miniprogram;
use crate::setup;
use crate::steps::{self, root};
use crate::wasm;
use crate::wasm::tests::answers;
use crate::wasm::tools;

/// Version of Firefox's driver, which Debian does not have.
const GECKODRIVER: &str = "0.37.1";

/// Builds the packages and runs them in Chromium, Firefox, WebKitGTK and JavaScriptCore's shell. Prints how long each takes.
///
/// # Errors
/// Something cannot be installed or built, or an engine gives another answer than Node.
pub(crate) fn run() -> Result<()> {
    setup::wasm_packages()?;
    setup::npm_packages(&miniprogram::tests::folder())?;
    browser::install()?;
    install()?;
    wasm::run()?;
    wasm::tests::write_answers()?;
    miniprogram::assemble()?;
    tests()
}

/// Installs the engines and their drivers, where they are missing.
///
/// # Errors
/// One is missing and cannot be installed.
fn install() -> Result<()> {
    setup::cargo_tool("geckodriver", "geckodriver", GECKODRIVER)?;
    if on_path("firefox-esr").is_none() && on_path("firefox").is_none() {
        install_from_debian(&["firefox-esr"])?;
    }
    if on_path("WebKitWebDriver").is_none() || mini_browser().is_none() {
        install_from_debian(&["webkit2gtk-driver"])?;
    }
    if on_path("xvfb-run").is_none() {
        install_from_debian(&["xvfb", "xauth"])?;
    }
    install_shell()?;
    program(&["xvfb-run"], "xvfb")?;
    programs().map(|_| ())
}

/// Installs JavaScriptCore's shell, where it is missing. The tests of the packages use it too.
///
/// # Errors
/// It is missing and cannot be installed.
pub(crate) fn install_shell() -> Result<()> {
    if on_path("jsc").is_none() {
        // Debian 12 and those after it name it differently.
        install_from_debian(&["libjavascriptcoregtk-4.0-bin"])
            .or_else(|_| install_from_debian(&["libjavascriptcoregtk-bin"]))?;
    }
    program(&["jsc"], "JavaScriptCore's shell").map(drop)
}

fn tests() -> Result<()> {
    let mut node = Command::new("node");
    node.args(["--test", "tests/engines/engines.test.js"]).current_dir(root().join("wasm"));
    node.env("MANGO_PARITY", answers()?).env("MANGO_ENGINES", programs()?.to_string());
    steps::run(&mut node)
}

/// Where the browsers and their drivers are, as `wasm/tests/engines/browsers.js` reads it.
fn programs() -> Result<Value> {
    let chromium = Browser::find()?;
    Ok(json!({
        "chromium": { "binary": chromium.chromium, "args": browser::flags() },
        "chromedriver": chromium.driver,
        "firefox": program(&["firefox-esr", "firefox"], "Firefox")?,
        "geckodriver": tools::folder()?.join("bin/geckodriver"),
        "webkitdriver": program(&["WebKitWebDriver"], "WebKitGTK's driver")?,
        "minibrowser": mini_browser().context("WebKitGTK's MiniBrowser is needed; install it")?,
    }))
}

fn program(names: &[&str], words: &str) -> Result<PathBuf> {
    let found = names.iter().find_map(|name| on_path(name));
    found.with_context(|| format!("{words} ({}) is needed; install it", names.join(" or ")))
}

/// WebKitGTK's small browser, which lies beside its library.
fn mini_browser() -> Option<PathBuf> {
    let libraries = fs::read_dir("/usr/lib").ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let inside =
        |folder: PathBuf| ["webkit2gtk-4.1", "webkitgtk-6.0"].map(|version| folder.join(version).join("MiniBrowser"));
    libraries.chain([Path::new("/usr/lib").to_owned()]).flat_map(inside).find(|path| path.is_file())
}
