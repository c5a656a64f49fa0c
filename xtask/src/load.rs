//! Load tests of the relay: `cargo xtask bench relay` and `cargo xtask soak`.

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

/// The relay to test: the named program, or else the release build.
///
/// # Errors
/// It cannot be built.
fn program(named: Option<&Path>) -> Result<PathBuf> {
    if let Some(program) = named {
        // The relay is started in another folder.
        return std::path::absolute(program).with_context(|| format!("cannot find {}", program.display()));
    }
    steps::run(cargo(&["build", "--quiet", "--release", "--package", "mango-relay"]).current_dir(root()))?;
    Ok(target_folder()?.join("release").join(format!("mango-relay{}", std::env::consts::EXE_SUFFIX)))
}

/// The runtime of the load generator. It has one thread, to leave the rest of the machine to the relay.
///
/// # Errors
/// The system cannot start a runtime.
fn runtime() -> Result<Runtime> {
    Builder::new_current_thread().enable_all().build().context("cannot start")
}
