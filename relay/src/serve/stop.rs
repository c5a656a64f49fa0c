//! Graceful shutdown without losing a request.

use std::io;
use std::time::Duration;

use axum_server::Handle;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::connection::ActiveConnections;
use super::listener::{ListenerShutdown, Peer};
use crate::monitoring::health::Health;
use crate::output::terminal::counted;

/// Time for new connections to send their first request: handshakes over slow networks take seconds. It is part of
/// [`Stopping::limit`].
const FIRST_REQUEST: Duration = Duration::from_secs(3);
/// Polling interval of the connection counts.
const POLL_INTERVAL: Duration = Duration::from_millis(10);
/// Time for the responses to requests that are cut.
const CUT_ANSWERS: Duration = Duration::from_millis(500);
/// Time for closed connections to end, so that their requests are logged.
const CLOSE: Duration = Duration::from_millis(200);
/// Signals within this time of another are ignored as repeats: ctrl-c goes to every program of a terminal, and one of
/// them, or a service manager, may pass it on.
const REPEAT: Duration = Duration::from_secs(1);

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
    pub(super) handle: Handle<Peer>,
    pub(super) listener: ListenerShutdown,
    pub(super) active: ActiveConnections,
}

impl Stopping {
    /// Waits for a shutdown signal, then drains the server. Completes when the time is over or a second signal arrives;
    /// then open requests are cut.
    pub(super) async fn when(self, mut signal: ShutdownSignal, serving: Serving) {
        signal.next().await;
        serving.health.drain();
        let over = tokio::select! {
            () = self.drain(&serving) => "the shutdown timeout is over",
            () = signal.next() => "second shutdown signal",
        };
        serving.cut(over).await;
    }

    /// Closes the listener and waits for open requests.
    async fn drain(self, serving: &Serving) {
        let Serving { handle, listener, active, .. } = serving;
        let Self { delay, limit } = self;
        if !delay.is_zero() {
            tracing::info!("stopping: not ready any more, no new connections in {delay:?}");
        }
        sleep(delay).await;
        let open = counted(handle.connection_count(), "connection");
        tracing::info!("stopping: no new connections; {open} open, with {limit:?} to end requests");
        let until = Instant::now() + limit;
        let all_active = async {
            listener.shut().await;
            while handle.connection_count() > active.count() {
                sleep(POLL_INTERVAL).await;
            }
        };
        let _ = timeout(FIRST_REQUEST.min(limit), all_active).await;
        // The timeout is enforced here: the server's own would cut requests without a response.
        handle.graceful_shutdown(None);
        sleep_until(until).await;
    }
}

impl Serving {
    /// Answers open requests with an error, and then closes every connection.
    async fn cut(&self, why: &str) {
        let open = self.handle.connection_count();
        tracing::warn!("{why}: {} cut", counted(open, "connection"));
        self.health.cut();
        self.handle.graceful_shutdown(None);
        let _ = timeout(CUT_ANSWERS, self.all_gone()).await;
        self.handle.shutdown();
        let _ = timeout(CLOSE, self.all_gone()).await;
    }

    async fn all_gone(&self) {
        while self.handle.connection_count() > 0 {
            sleep(POLL_INTERVAL).await;
        }
    }
}

/// The shutdown signals SIGTERM and ctrl-c. They are caught while this exists.
#[derive(Debug)]
pub(super) struct ShutdownSignal {
    signals: Signals,
    last: Option<Instant>,
}

impl ShutdownSignal {
    /// Starts to catch the signals.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self { signals: Signals::new()?, last: None })
    }

    /// Completes at the next signal that is not a repeat.
    async fn next(&mut self) {
        loop {
            self.signals.next().await;
            let now = Instant::now();
            if !is_repeat(self.last, now) {
                self.last = Some(now);
                return;
            }
        }
    }
}

/// Whether a signal is a repeat of the last one.
fn is_repeat(last: Option<Instant>, now: Instant) -> bool {
    last.is_some_and(|last| now.saturating_duration_since(last) < REPEAT)
}

#[cfg(unix)]
#[derive(Debug)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Ctrl-c only.
#[cfg(not(unix))]
#[derive(Debug)]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_within_a_second_are_repeats() {
        let first = Instant::now();
        assert!(!is_repeat(None, first));
        assert!(is_repeat(Some(first), first + Duration::from_millis(999)));
        assert!(!is_repeat(Some(first), first + Duration::from_millis(1000)));
    }
}
