//! The mini-program's checks.

use std::path::PathBuf;

use anyhow::Result;

use super::node::tests_below;
use crate::miniprogram::{self, assemble};
use crate::relay::{of_checks, program_of_checks};
use crate::setup::{self, MINIPROGRAM_TESTS};
use crate::steps::{self, Checks, Usual, target_folder};
use crate::wasm::answers;

/// Folders of tests, in order: tests that simulate less of a phone come first.
const MODULES: [&str; 4] = ["view", "scanner", "platform", "model"];

/// Adds the checks. The wasm packages and the relay were built before.
pub(super) fn add(checks: &mut Checks) {
    checks.add("mini-program, assembled", Usual::SHORT, || {
        setup::ensure(&[&MINIPROGRAM_TESTS])?;
        assemble()
    });
    checks.add("mini-program, modules", Usual::minutes(2), || node(&MODULES));
    checks.add("mini-program, checks", Usual::minutes(1), || node(&["checks"]));
    checks.add("mini-program, in a browser", Usual::minutes(3), || node(&["browser"]));
}

/// Runs the tests in these folders.
fn node(folders: &[&str]) -> Result<()> {
    let tests = miniprogram::folder().join("tests");
    let folders: Vec<PathBuf> = folders.iter().map(|folder| tests.join(folder)).collect();
    let mut node = tests_below(&folders)?;
    node.current_dir(miniprogram::folder()).env("MANGO_PARITY", answers()?).env("MANGO_RELAY", of_checks()?);
    node.env("MANGO_TRAINING", program_of_checks("debug", "mango-training")?);
    // Where the relay's tests keep the fetched weights too.
    node.env("MANGO_TRAINING_CACHE", target_folder()?.join("tmp").join("training"));
    steps::run(&mut node)
}
