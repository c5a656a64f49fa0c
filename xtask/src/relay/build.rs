//! Builds the relay.

use std::env::consts::EXE_SUFFIX;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::steps::{self, Progress, Usual, compile, target_folder};

/// The second backend, with which parity tests compare the first one. It is enabled in every build of the checks, so
/// that one build serves all.
pub(crate) const REFERENCE: &str = "mango-inference/ndarray";

/// The example that writes the native predictions.
pub(crate) const EXAMPLE: &str = "parity_cases";

/// The relay from the build of the checks.
///
/// # Errors
/// It cannot be built.
pub(crate) fn of_checks() -> Result<PathBuf> {
    program_of_checks("debug", "mango-relay")
}

/// A program from the build of the checks: the relay, `mango-training` or [`EXAMPLE`].
///
/// # Errors
/// It cannot be built.
pub(crate) fn program_of_checks(folder: &str, program: &str) -> Result<PathBuf> {
    // One build for everything, including an example: features of dependencies depend on what is built together, and a
    // smaller build would compile burn again.
    let args = [
        "--workspace",
        "--bin",
        "mango-relay",
        "--bin",
        "mango-training",
        "--example",
        EXAMPLE,
        "--features",
        REFERENCE,
    ];
    steps::run(&mut compile("build", &args))?;
    Ok(target_folder()?.join(folder).join(format!("{program}{EXE_SUFFIX}")))
}

/// The relay to measure: the named program, or else the release build, which is a step of its own.
///
/// # Errors
/// It cannot be built.
pub(crate) fn of_releases(named: Option<&Path>, progress: &mut Progress) -> Result<PathBuf> {
    if let Some(program) = named {
        // The relay is started in another folder.
        return std::path::absolute(program).with_context(|| format!("cannot find {}", program.display()));
    }
    progress.step("relay, release build", Usual::minutes(6), || {
        steps::run(&mut compile("build", &["--release", "--package", "mango-relay"]))?;
        Ok(target_folder()?.join("release").join(format!("mango-relay{EXE_SUFFIX}")))
    })
}
