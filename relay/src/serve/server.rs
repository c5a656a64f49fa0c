//! The accept loop: a task for each connection.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep};

use super::connection::{Clock, Connection, Handshake, Timed, Timeouts, Watched};
use super::connections::{Connections, OpenConnection};
use crate::settings::Times;

/// Time until the next try after an error, such as too many open files.
const RETRY: Duration = Duration::from_millis(50);

/// Time between two log lines of such errors.
const QUIET: Duration = Duration::from_secs(10);

/// Whether an error of `accept` is that of one connection, so that the next can be accepted at once.
fn is_of_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Serves the connections of a listener.
#[derive(Debug)]
pub(super) struct Server<H> {
    shared: Arc<Shared<H>>,
    slots: Arc<Semaphore>,
    connections: Connections,
}

#[derive(Debug)]
struct Shared<H> {
    handshake: H,
    http: Builder<TokioExecutor>,
    service: Router,
    timeouts: Timeouts,
}

impl<H: Handshake> Server<H> {
    /// A server of at most `slots` connections at once.
    pub(super) fn new(
        handshake: H,
        http: Builder<TokioExecutor>,
        service: Router,
        slots: usize,
        times: Times,
        connections: Connections,
    ) -> Self {
        Self {
            shared: Arc::new(Shared { handshake, http, service, timeouts: times.into() }),
            slots: Arc::new(Semaphore::new(slots.min(Semaphore::MAX_PERMITS))),
            connections,
        }
    }

    /// Accepts connections until `shutdown`, then the pending ones, and closes the listener. Open connections are still
    /// served.
    pub(super) async fn run(self, listener: TcpListener, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        let mut logged = None;
        loop {
            let accepted = tokio::select! {
                // Pending connections come first.
                biased;
                accepted = listener.accept() => accepted,
                () = &mut shutdown => return,
            };
            match accepted {
                Ok((stream, peer)) => self.begin(stream, peer),
                Err(error) if is_of_connection(&error) => {}
                Err(error) => {
                    if logged.is_none_or(|at: Instant| at.elapsed() >= QUIET) {
                        tracing::warn!("cannot accept connections: {error}");
                        logged = Some(Instant::now());
                    }
                    sleep(RETRY).await;
                }
            }
        }
    }

    fn begin(&self, stream: TcpStream, peer: SocketAddr) {
        let Ok(slot) = Arc::clone(&self.slots).try_acquire_owned() else {
            tracing::debug!("all connection slots are taken, a new connection was closed");
            return;
        };
        let (shared, open, connections) = (Arc::clone(&self.shared), self.connections.open(), self.connections.clone());
        tokio::spawn(async move {
            tokio::select! {
                biased;
                () = open.cutting() => {}
                () = shared.serve(stream, peer, slot, &open, connections) => {}
            }
        });
    }
}

impl<H: Handshake> Shared<H> {
    async fn serve(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        slot: OwnedSemaphorePermit,
        open: &OpenConnection,
        connections: Connections,
    ) {
        // The client sees an error of the handshake too; the relay cannot tell it more.
        let Ok(()) = stream.set_nodelay(true) else { return };
        let stream = tokio::select! {
            biased;
            stream = self.handshake.stream(stream) => stream,
            // A handshake that has not ended by now must not delay the shutdown by its own timeout.
            () = open.closing() => return,
        };
        let Ok(stream) = stream else { return };
        let connection = Arc::new(Connection::new(Clock::new(self.timeouts, Instant::now()), slot));
        let stream = TokioIo::new(Watched::new(stream, Arc::clone(&connection), connections));
        let service = Timed::new(self.service.clone(), connection, peer);
        let mut serving = pin!(self.http.serve_connection(stream, service));
        tokio::select! {
            biased;
            () = open.closing() => {}
            // Errors are those of the client and its network.
            _ = serving.as_mut() => return,
        }
        serving.as_mut().graceful_shutdown();
        let _ = serving.await;
    }
}
