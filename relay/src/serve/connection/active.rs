//! Active connections: those that sent data after the handshake.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The number of open connections that sent data after the handshake.
#[derive(Clone, Debug, Default)]
pub(in crate::serve) struct ActiveConnections(Arc<AtomicUsize>);

/// One active connection, counted until it is dropped.
#[derive(Debug)]
pub(super) struct ActiveConnection(ActiveConnections);

impl ActiveConnections {
    pub(in crate::serve) fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    pub(super) fn one(&self) -> ActiveConnection {
        self.0.fetch_add(1, Ordering::Relaxed);
        ActiveConnection(self.clone())
    }
}

impl Drop for ActiveConnection {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}
