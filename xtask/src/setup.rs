//! What the checks need beyond the toolchain.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::steps;

/// The phone's target.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Installs everything that is missing; quick where all is there.
///
/// # Errors
/// Names what could not be installed.
pub(crate) fn run() -> Result<()> {
    wasm_target()
}

/// Adds the wasm target: that rust-toolchain.toml names it does not install it where automatic installs are off.
fn wasm_target() -> Result<()> {
    let output = Command::new("rustc").args(["--print", "sysroot"]).output().context("cannot start rustc")?;
    let sysroot = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if Path::new(&sysroot).join("lib/rustlib").join(WASM).is_dir() {
        return Ok(());
    }
    steps::run(Command::new("rustup").args(["target", "add", WASM]))
        .with_context(|| format!("cannot add {WASM}; install the toolchain with rustup"))
}
