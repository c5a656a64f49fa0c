//! Graceful shutdown without losing a request.

use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::connections::Connections;
use super::signals::ShutdownSignal;
use crate::monitoring::health::Health;
use crate::output::terminal::counted;

/// Time for new connections to send their first request: handshakes over slow networks take seconds. It is part of
/// [`Stopping::limit`].
const FIRST_REQUEST: Duration = Duration::from_secs(3);

/// Time for the responses to requests that are cut.
const CUT_ANSWERS: Duration = Duration::from_millis(500);

/// Time for closed connections to end, so that their requests are logged.
const CLOSE: Duration = Duration::from_millis(200);

/// The timing of a shutdown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stopping {
    /// Time between becoming not ready and closing the listener, so that load balancers notice.
    pub(super) delay: Duration,
    /// Time for open requests to end.
    pub(super) limit: Duration,
}

/// The parts to shut down.
#[derive(Debug)]
pub(super) struct Serving {
    pub(super) health: Health,
    pub(super) listener: Listening,
    pub(super) connections: Connections,
}

/// The running accept loop.
#[derive(Debug)]
pub(super) struct Listening {
    /// Ends the loop.
    pub(super) shutdown: Option<oneshot::Sender<()>>,
    pub(super) accepting: JoinHandle<()>,
}

impl Stopping {
    /// Waits for a shutdown signal, then drains the server. When the time is over or a second signal arrives, open
    /// requests are cut.
    pub(super) async fn when(self, mut signal: ShutdownSignal, mut serving: Serving) {
        signal.next().await;
        serving.health.drain();
        let over = tokio::select! {
            closed = self.drain(&mut serving) => (!closed).then_some("the shutdown timeout is over"),
            () = signal.next() => Some("second shutdown signal"),
        };
        if let Some(over) = over {
            serving.cut(over).await;
        }
        match serving.connections.number() {
            0 => tracing::info!("stopped"),
            open => tracing::warn!("stopped; {} cut", counted(open, "connection")),
        }
    }

    /// Closes the listener and waits for open requests. Returns whether all connections ended in time.
    async fn drain(self, serving: &mut Serving) -> bool {
        let Serving { listener, connections, .. } = serving;
        let Self { delay, limit } = self;
        if !delay.is_zero() {
            tracing::info!("stopping: not ready any more, no new connections in {delay:?}");
        }
        sleep(delay).await;
        let open = counted(connections.number(), "connection");
        tracing::info!("stopping: no new connections; {open} open, with {limit:?} to end requests");
        let until = Instant::now() + limit;
        let all_active = async {
            listener.close().await;
            connections.all_active().await;
        };
        let _ = timeout(FIRST_REQUEST.min(limit), all_active).await;
        listener.accepting.abort();
        connections.close();
        timeout_at(until, connections.all_closed()).await.is_ok()
    }
}

impl Listening {
    /// Accepts the pending connections, then closes the socket.
    async fn close(&mut self) {
        if let Some(shutdown) = self.shutdown.take() {
            let _ = shutdown.send(());
        }
        let _ = (&mut self.accepting).await;
    }
}

impl Serving {
    /// Answers open requests with an error, and then closes every connection.
    async fn cut(&self, why: &str) {
        tracing::warn!("{why}: {} cut", counted(self.connections.number(), "connection"));
        self.listener.accepting.abort();
        self.health.cut();
        self.connections.close();
        let _ = timeout(CUT_ANSWERS, self.connections.all_closed()).await;
        self.connections.cut();
        let _ = timeout(CLOSE, self.connections.all_closed()).await;
    }
}
