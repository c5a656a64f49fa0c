//! The mini-program's checks.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use crate::setup;
use crate::steps::{self, Steps};
use crate::wasm::tests::{answers, built};

/// Folders of tests, in order: those that need less of a phone come first.
const MODULES: [&str; 4] = ["view", "scanner", "platform", "model"];

/// Adds the checks. The wasm packages and the relay were built before.
pub(crate) fn add(steps: &mut Steps) {
    steps.step("mini-program, made whole", || {
        setup::npm_packages(&folder())?;
        super::assemble()
    });
    steps.step("mini-program, modules", || node(&MODULES));
    steps.step("mini-program, checks", || node(&["checks"]));
    steps.step("mini-program, in a browser", || node(&["browser"]));
}

/// The folder of the tests and their npm dependencies.
pub(crate) fn folder() -> PathBuf {
    super::folder().join("tests")
}

/// Runs the tests in these folders.
fn node(folders: &[&str]) -> Result<()> {
    let mut files = Vec::new();
    for name in folders {
        find(&folder().join(name), &mut files)?;
    }
    ensure!(!files.is_empty(), "no tests in {folders:?}");
    files.sort();
    let mut node = Command::new("node");
    // One file at a time: two browsers at once are too much for a small machine.
    node.args(["--test", "--test-concurrency=1"]).args(files).current_dir(super::folder());
    node.env("MANGO_PARITY", answers()?).env("MANGO_RELAY", relay()?);
    steps::run(&mut node)
}

/// The relay from the build of the other tests.
///
/// # Errors
/// It cannot be built.
pub(crate) fn relay() -> Result<PathBuf> {
    built("debug", "mango-relay")
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
