//! The tools that `cargo xtask setup` installs for wasm.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::steps::root;

/// Version of wasm-bindgen's command line. It must equal the version of the crate.
pub(crate) const WASM_BINDGEN: &str = "0.2.126";

/// Version of wasm-pack.
pub(crate) const WASM_PACK: &str = "0.15.0";

/// The folder of tools from crates.io, outside the target folder, which is deleted more often.
///
/// # Errors
/// The user has no cache folder.
pub(crate) fn folder() -> Result<PathBuf> {
    Ok(dirs::cache_dir()
        .context("this user has no cache folder; set XDG_CACHE_HOME or HOME")?
        .join("mango-scout/tools"))
}

/// A tool from crates.io.
pub(crate) fn cargo_tool(name: &str) -> Result<Command> {
    Ok(Command::new(folder()?.join("bin").join(name)))
}

/// A tool from npm.
pub(crate) fn npm_tool(name: &str) -> Command {
    Command::new(root().join("wasm/node_modules/.bin").join(name))
}
