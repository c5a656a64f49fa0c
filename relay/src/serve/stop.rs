//! Being told to stop, and stopping without losing a request.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum_server::Handle;
use tokio::time::sleep;

use crate::health::Health;

/// How stopping goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stopping {
    /// Between saying that it is not ready and taking no more connections, so that balancers have time to hear it.
    pub(super) delay: Duration,
    /// That open requests then get to end.
    pub(super) limit: Duration,
}

impl Stopping {
    /// Waits until the program is told to stop, then stops. Told again, it waits for nothing any more.
    pub(super) async fn when(self, mut told: Told, health: Health, handle: Handle<SocketAddr>) {
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
        handle.graceful_shutdown(Some(limit));
        told.again().await;
        at_once(&handle);
    }
}

fn at_once(handle: &Handle<SocketAddr>) {
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
