//! What the relay does under load: `cargo xtask bench relay` and `cargo xtask soak`.

pub(crate) mod bench;
mod client;
mod figures;
mod server;
pub(crate) mod soak;

use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, Result};
use thread_priority::{ThreadPriority, ThreadPriorityValue};
use tokio::runtime::Builder;
use tokio::task::LocalSet;

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

/// How urgent the load is, of 100, where a thread has 50 unless told: as little as the relay's computing, which else would
/// wait for what on the internet runs on other machines.
const URGENCY: u8 = 25;

/// Runs what loads the relay on one thread, to leave the relay the rest of the machine.
///
/// # Errors
/// The system gives no runtime, and those of the load.
fn load<T: Send>(load: impl AsyncFnOnce() -> Result<T> + Send) -> Result<T> {
    let run = || {
        let urgency = ThreadPriorityValue::try_from(URGENCY).map_err(anyhow::Error::msg)?;
        ThreadPriority::Crossplatform(urgency).set_for_current().context("cannot lower the load's priority")?;
        let runtime = Builder::new_current_thread().enable_all().build().context("cannot start")?;
        runtime.block_on(LocalSet::new().run_until(load()))
    };
    // A relay that is started later is no load: the priority of the thread that starts it stays.
    let ended = thread::scope(|scope| scope.spawn(run).join());
    ended.unwrap_or_else(|panic| resume_unwind(panic))
}
