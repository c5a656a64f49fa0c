//! The mini-program's checks.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use crate::miniprogram::{self, assemble};
use crate::relay::of_checks;
use crate::setup::{self, MINIPROGRAM_TESTS};
use crate::steps::{self, Checks, Usual};
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
    let mut files = Vec::new();
    for name in folders {
        find(&miniprogram::folder().join("tests").join(name), &mut files)?;
    }
    ensure!(!files.is_empty(), "no tests in {folders:?}");
    files.sort();
    let mut node = Command::new("node");
    // One file at a time: two browsers at once are too much for a small machine.
    node.args(["--test", "--test-concurrency=1"]).args(files).current_dir(miniprogram::folder());
    node.env("MANGO_PARITY", answers()?).env("MANGO_RELAY", of_checks()?);
    steps::run(&mut node)
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else if path.file_name().and_then(OsStr::to_str).is_some_and(|name| name.ends_with(".test.js")) {
            files.push(path);
        }
    }
    Ok(())
}
