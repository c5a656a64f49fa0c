//! Removal of expired records while the relay runs.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::day::Day;
use super::store::Store;
use crate::periodic;

/// Time between two looks at the folder.
const PERIOD: Duration = Duration::from_secs(3600);

/// Starts a thread that removes expired records once an hour for the lifetime of the program.
pub(crate) fn watch(store: Arc<Store>) -> io::Result<()> {
    periodic::start("feedback", PERIOD, move || {
        if let Err(error) = store.sweep(Day::today()) {
            tracing::error!(%error, "cannot remove expired feedback");
        }
    })
}
