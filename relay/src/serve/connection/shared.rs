//! State shared by a connection's stream and service.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::OwnedSemaphorePermit;

use super::clock::Clock;

/// State shared by a connection's stream and service.
#[derive(Debug)]
pub(in crate::serve) struct Connection {
    clock: Mutex<Clock>,
    /// Released when stream and service are dropped.
    _slot: OwnedSemaphorePermit,
}

impl Connection {
    pub(in crate::serve) fn new(clock: Clock, slot: OwnedSemaphorePermit) -> Self {
        Self { clock: Mutex::new(clock), _slot: slot }
    }

    pub(super) fn clock(&self) -> MutexGuard<'_, Clock> {
        self.clock.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
