//! Being told to stop, and stopping without losing a request.

use std::io;
use std::time::Duration;

use axum_server::Handle;
use tokio::time::{Instant, sleep, timeout};

use super::connection::Greeted;
use super::door::{Latch, Peer};
use crate::health::Health;

/// That connections get to say something once there are no new ones: a handshake over a slow network, and the way of a
/// first request. It is part of [`Stopping::limit`].
const FIRST_WORDS: Duration = Duration::from_secs(3);
/// Time between two looks at whether they have.
const LOOK: Duration = Duration::from_millis(10);

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
    pub(super) latch: Latch,
    pub(super) greeted: Greeted,
}

impl Stopping {
    /// Waits until the program is told to stop, then lets the server stop. Ends when it is told again: then nothing is to
    /// be waited for any more.
    pub(super) async fn when(self, mut told: Told, serving: Serving) {
        let Serving { health, handle, latch, greeted } = serving;
        told.again().await;
        health.drain();
        let Self { delay, limit } = self;
        if !delay.is_zero() {
            tracing::info!("stopping: not ready any more, no new connections in {delay:?}");
        }
        tokio::select! {
            () = sleep(delay) => {}
            () = told.again() => return at_once(&handle),
        }
        tracing::info!(
            "stopping: no new connections, {} open ones get {limit:?} to end their requests",
            handle.connection_count()
        );
        let until = Instant::now() + limit;
        let all_greeted = async {
            latch.shut().await;
            while handle.connection_count() > greeted.count() {
                sleep(LOOK).await;
            }
        };
        tokio::select! {
            _ = timeout(FIRST_WORDS.min(limit), all_greeted) => {}
            () = told.again() => return at_once(&handle),
        }
        handle.graceful_shutdown(Some(until.saturating_duration_since(Instant::now())));
        told.again().await;
        at_once(&handle);
    }
}

fn at_once(handle: &Handle<Peer>) {
    tracing::warn!("told to stop again: {} connections are cut", handle.connection_count());
    handle.shutdown();
}

/// What tells the program to stop: SIGTERM and ctrl-c. They are caught as long as this lives.
#[cfg(unix)]
#[derive(Debug)]
pub(super) struct Told {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Told {
    /// Catches them from now on.
    pub(super) fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Ends the next time that it is told.
    async fn again(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// What tells the program to stop: ctrl-c.
#[cfg(not(unix))]
#[derive(Debug)]
pub(super) struct Told;

#[cfg(not(unix))]
impl Told {
    /// Catches it from now on.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self)
    }

    /// Ends the next time that it is told.
    async fn again(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
