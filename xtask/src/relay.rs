//! What the relay does under load: `cargo xtask bench relay` and `cargo xtask soak`.

pub(crate) mod bench;
mod client;
mod figures;
mod server;
pub(crate) mod soak;
mod trickle;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tokio::runtime::{Builder, Runtime};

use crate::steps::{self, cargo, root};
use crate::wasm::module::target_folder;

/// The relay to be loaded: the one that is named, else the release build.
///
/// # Errors
/// It cannot be built.
fn program(named: Option<&Path>) -> Result<PathBuf> {
    if let Some(program) = named {
        // The relay is started in a folder of its own.
        return std::path::absolute(program).with_context(|| format!("cannot find {}", program.display()));
    }
    steps::run(cargo(&["build", "--quiet", "--release", "--package", "mango-relay"]).current_dir(root()))?;
    Ok(target_folder()?.join("release").join(format!("mango-relay{}", std::env::consts::EXE_SUFFIX)))
}

/// What loads the relay runs on one thread, to leave the relay the rest of the machine.
///
/// # Errors
/// The system gives no runtime.
fn runtime() -> Result<Runtime> {
    Builder::new_current_thread().enable_all().build().context("cannot start")
}
