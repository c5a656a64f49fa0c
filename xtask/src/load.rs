//! Load tests of the relay: `cargo xtask bench relay`, `bench copies` and `soak`.

pub(crate) mod bench;
mod client;
pub(crate) mod copies;
mod figures;
mod server;
pub(crate) mod soak;
mod trickle;

use anyhow::{Context, Result};
use tokio::runtime::{Builder, Runtime};

/// The runtime of the load generator. It has one thread, to leave the rest of the machine to the relay.
///
/// # Errors
/// The system cannot start a runtime.
fn runtime() -> Result<Runtime> {
    Builder::new_current_thread().enable_all().build().context("cannot start the load generator")
}
