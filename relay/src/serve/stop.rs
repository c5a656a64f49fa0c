//! Being told to stop, and stopping without losing a request.

use std::io;
use std::time::Duration;

use axum_server::Handle;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::connection::ActiveConnections;
use super::listener::{ListenerShutdown, Peer};
use crate::health::Health;
use crate::terminal::counted;

/// That connections get to say something once there are no new ones: a handshake over a slow network, and the way of a
/// first request. It is part of [`Stopping::limit`].
const FIRST_REQUEST: Duration = Duration::from_secs(3);
/// Time between two looks at whether they have.
const POLL_INTERVAL: Duration = Duration::from_millis(10);
/// That requests which are cut get to be told so.
const CUT_ANSWERS: Duration = Duration::from_millis(500);
/// That connections which are ended then get to be gone, so that the log has their requests.
const CLOSE: Duration = Duration::from_millis(200);
/// Within this time of one that counted, signals are its echo: ctrl-c goes to every program of a terminal, and one of
/// them may pass it on; service managers do the like.
const REPEAT: Duration = Duration::from_secs(1);

/// How stopping goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stopping {
    /// Between saying that it is not ready and taking no more connections, so that balancers have time to hear it.
    pub(super) delay: Duration,
    /// That open requests then get to end.
    pub(super) limit: Duration,
}

/// What is stopped.
#[derive(Debug)]
pub(super) struct Serving {
    pub(super) health: Health,
    pub(super) handle: Handle<Peer>,
    pub(super) listener: ListenerShutdown,
    pub(super) active: ActiveConnections,
}

impl Stopping {
    /// Waits until the program is told to stop, then lets the server stop. Ends when its time is over or it is told
    /// again: then nothing is to be waited for any more.
    pub(super) async fn when(self, mut signal: ShutdownSignal, serving: Serving) {
        signal.next().await;
        serving.health.drain();
        let over = tokio::select! {
            () = self.drain(&serving) => "the time to end requests is over",
            () = signal.next() => "told to stop again",
        };
        serving.cut(over).await;
    }

    /// Takes no more connections, and gives those that are open their time.
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
        // The time is kept here: the server itself would cut without a word.
        handle.graceful_shutdown(None);
        sleep_until(until).await;
    }
}

impl Serving {
    /// Lets open requests know that they are cut, and ends every connection when they had time to say so.
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

/// What tells the program to stop: SIGTERM and ctrl-c. They are caught as long as this lives.
#[derive(Debug)]
pub(super) struct ShutdownSignal {
    signals: Signals,
    last: Option<Instant>,
}

impl ShutdownSignal {
    /// Catches them from now on.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self { signals: Signals::new()?, last: None })
    }

    /// Ends the next time that it is told.
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

/// Whether a signal says no more than the one that counted last.
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

/// Ctrl-c alone.
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
    fn what_follows_within_a_second_of_the_first_is_no_second_order() {
        let first = Instant::now();
        assert!(!is_repeat(None, first));
        assert!(is_repeat(Some(first), first + Duration::from_millis(999)));
        assert!(!is_repeat(Some(first), first + Duration::from_millis(1000)));
    }
}
