//! The tests of the wasm build.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::module::{PROFILE, target_folder};
use super::tools;
use crate::browser::Browser;
use crate::steps::{self, Steps, cargo, root};
use crate::test::REFERENCE;

/// The example that writes the native predictions.
const EXAMPLE: &str = "parity_cases";

/// Adds the tests. The native predictions come first, since the other tests compare with them.
pub(crate) fn add(steps: &mut Steps) {
    steps.step("native answers", write_answers);
    steps.step("wasm tests, Node", || wasm_pack(&["--node"], &["--test", "node"]));
    steps.step("wasm tests, Chromium", || {
        let browser = Browser::find()?;
        browser.write_webdriver_json(&root().join("wasm"))?;
        let driver = browser.driver.to_string_lossy().into_owned();
        wasm_pack(&["--headless", "--chrome", "--chromedriver", &driver], &["--test", "chrome"])
    });
    steps.step("wasm test, burn-ndarray", || {
        wasm_pack(&["--node"], &["--test", "ndarray", "--no-default-features", "--features", "ndarray"])
    });
    steps.step("wasm packages", super::run);
    steps.step("tests of the packages", packed);
}

/// The file with the native predictions.
pub(crate) fn answers() -> Result<PathBuf> {
    Ok(target_folder()?.join("wasm-parity"))
}

pub(crate) fn write_answers() -> Result<()> {
    let program = built("debug/examples", EXAMPLE)?;
    steps::run(Command::new(program).arg(answers()?).current_dir(root()))
}

/// A program of the test build: the example that writes the predictions, or the relay.
///
/// # Errors
/// It cannot be built.
pub(crate) fn built(folder: &str, program: &str) -> Result<PathBuf> {
    // One build for everything, including an example: features of dependencies depend on what is built together, and a
    // smaller build would compile burn again.
    let build = ["build", "--quiet", "--workspace", "--bin", "mango-relay", "--example", EXAMPLE];
    steps::run(cargo(&build).args(["--features", REFERENCE]))?;
    Ok(target_folder()?.join(folder).join(format!("{program}{}", env::consts::EXE_SUFFIX)))
}

fn wasm_pack(runner: &[&str], cargo_test: &[&str]) -> Result<()> {
    let mut pack = tools::cargo_tool("wasm-pack")?;
    pack.arg("test").args(runner).args(["--mode", "no-install"]).arg(root().join("wasm"));
    pack.args(["--profile", PROFILE]).args(cargo_test);
    pack.env("PATH", path_with_tools()?).env("MANGO_PARITY", answers()?).env("WASM_BINDGEN_TEST_TIMEOUT", "600");
    steps::run(&mut pack).context("wasm-pack's tests")
}

fn packed() -> Result<()> {
    let folder = root().join("wasm/tests/packed");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.retain(|file| file.to_string_lossy().ends_with(".test.js"));
    files.sort();
    let mut node = Command::new("node");
    node.arg("--test").args(files).current_dir(root().join("wasm"));
    node.env("MANGO_PARITY", answers()?).env("MANGO_BROWSER", Browser::find()?.to_json());
    steps::run(&mut node)
}

/// wasm-pack searches PATH for wasm-bindgen.
fn path_with_tools() -> Result<OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(tools::folder()?.join("bin")).chain(env::split_paths(&path));
    env::join_paths(folders).context("a folder on PATH has a colon in its name")
}
