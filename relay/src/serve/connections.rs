//! The open connections: their number, and the signals to them.

use std::sync::Arc;

use tokio::sync::watch;

/// The open connections of a server. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Connections(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    counts: watch::Sender<Counts>,
    phase: watch::Sender<Phase>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    open: usize,
    /// Open connections that sent data after the handshake.
    active: usize,
}

/// What connections may still do. It only moves forward.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    #[default]
    Serving,
    /// Each connection ends after its open requests.
    Closing,
    /// Each connection ends at once.
    Cutting,
}

/// One open connection, counted until it is dropped.
#[derive(Debug)]
pub(super) struct OpenConnection(Connections);

/// One active connection, counted until it is dropped.
#[derive(Debug)]
pub(super) struct ActiveConnection(Connections);

impl Connections {
    /// The number of open connections, those in their handshake included.
    pub(super) fn number(&self) -> usize {
        self.0.counts.borrow().open
    }

    /// Counts a new connection.
    pub(super) fn open(&self) -> OpenConnection {
        self.0.counts.send_modify(|counts| counts.open += 1);
        OpenConnection(self.clone())
    }

    /// Counts an active connection.
    pub(super) fn active(&self) -> ActiveConnection {
        self.0.counts.send_modify(|counts| counts.active += 1);
        ActiveConnection(self.clone())
    }

    /// Completes when every open connection is active.
    pub(super) async fn all_active(&self) {
        self.until(|counts| counts.open <= counts.active).await;
    }

    /// Completes when no connection is open.
    pub(super) async fn all_closed(&self) {
        self.until(|counts| counts.open == 0).await;
    }

    /// Tells each connection to end after its open requests.
    pub(super) fn close(&self) {
        self.reach(Phase::Closing);
    }

    /// Tells each connection to end at once.
    pub(super) fn cut(&self) {
        self.reach(Phase::Cutting);
    }

    async fn until(&self, holds: impl Fn(&Counts) -> bool) {
        // This cannot fail while the sender exists.
        let _ = self.0.counts.subscribe().wait_for(|counts| holds(counts)).await;
    }

    fn reach(&self, phase: Phase) {
        self.0.phase.send_if_modified(|present| {
            let later = phase > *present;
            *present = phase.max(*present);
            later
        });
    }
}

impl OpenConnection {
    /// Completes when the connection shall end after its open requests.
    pub(super) async fn closing(&self) {
        self.until(Phase::Closing).await;
    }

    /// Completes when the connection shall end at once.
    pub(super) async fn cutting(&self) {
        self.until(Phase::Cutting).await;
    }

    async fn until(&self, phase: Phase) {
        // This cannot fail while the sender exists.
        let _ = self.0.0.phase.subscribe().wait_for(|present| *present >= phase).await;
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.0.counts.send_modify(|counts| counts.open -= 1);
    }
}

impl Drop for ActiveConnection {
    fn drop(&mut self) {
        self.0.0.counts.send_modify(|counts| counts.active -= 1);
    }
}
