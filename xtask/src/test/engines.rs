//! `cargo xtask engines`: the packages in Chromium, Firefox, WebKitGTK and JavaScriptCore.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::miniprogram;
use crate::setup::{
    self, Chromium, Dependency, ENGINES, FIREFOX, GECKODRIVER, MINIPROGRAM_TESTS, WASM_PACKAGES, WEBKIT,
};
use crate::steps::{self, Checks, Progress, Usual, root};
use crate::wasm::{self, answers, write_answers};

const CHECK: &str = "the packages in other engines";

const USUAL: Usual = Usual::minutes(1);

/// Builds the packages, runs them in each engine, and prints how long each takes.
///
/// # Errors
/// Something cannot be installed or built, or an engine's answer differs from Node's.
pub(crate) fn run() -> Result<()> {
    setup::ensure(&[&WASM_PACKAGES[..], &ENGINES, &[&MINIPROGRAM_TESTS]].concat())?;
    let mut progress = Progress::new("engines", 4);
    progress.step("wasm packages", wasm::USUAL, wasm::run)?;
    progress.step("native answers", Usual::minutes(10), write_answers)?;
    progress.step("mini-program, assembled", Usual::SHORT, miniprogram::assemble)?;
    progress.step(CHECK, USUAL, tests)
}

/// Adds the tests to the checks, after those that build the packages and assemble the mini-program.
pub(super) fn add(checks: &mut Checks) {
    checks.add(CHECK, USUAL, tests);
}

fn tests() -> Result<()> {
    let mut node = Command::new("node");
    node.args(["--test", "tests/engines/engines.test.js"]).current_dir(root().join("wasm"));
    node.env("MANGO_PARITY", answers()?).env("MANGO_ENGINES", programs()?.to_string());
    steps::run(&mut node)
}

/// The paths of the browsers and their drivers, as `wasm/tests/engines/browsers.js` reads them.
fn programs() -> Result<Value> {
    let chromium = Chromium::find()?;
    let path =
        |path: Option<PathBuf>, need: &dyn Dependency| path.with_context(|| format!("{} is missing", need.name()));
    Ok(json!({
        "chromium": { "binary": chromium.program, "args": setup::flags() },
        "chromedriver": chromium.driver,
        "firefox": path(setup::firefox(), &FIREFOX)?,
        "geckodriver": GECKODRIVER.path()?,
        "webkitdriver": path(setup::on_path("WebKitWebDriver"), &WEBKIT)?,
        "minibrowser": path(setup::mini_browser(), &WEBKIT)?,
    }))
}
