//! The native predictions, with which wasm is compared.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::relay::{EXAMPLE, program_of_checks};
use crate::steps::{self, root, target_folder};

/// The folder with the native predictions and their photos.
///
/// # Errors
/// Cargo does not name its target folder.
pub(crate) fn answers() -> Result<PathBuf> {
    Ok(target_folder()?.join("wasm-parity"))
}

/// Writes the native predictions.
///
/// # Errors
/// The program that makes them cannot be built, or fails.
pub(crate) fn write_answers() -> Result<()> {
    let program = program_of_checks("debug/examples", EXAMPLE)?;
    steps::run(Command::new(program).arg(answers()?).current_dir(root()))
}
