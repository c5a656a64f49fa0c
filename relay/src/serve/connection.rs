//! Limits the number of connections, and closes idle and stalled ones.
//!
//! hyper's own timeouts run only inside a request. Before the first byte hyper does not know the version of HTTP, an
//! HTTP/2 connection without requests has no timeout, and neither has a response that the client does not read. So each
//! connection has a [`Clock`] that its stream and its service share.

mod active;
mod clock;
mod plain;
mod service;
mod shared;
mod stream;

pub(super) use active::ActiveConnections;
pub(super) use plain::PlainAcceptor;

use std::io;
use std::pin::Pin;
use std::sync::Arc;

use axum_server::accept::Accept;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::settings::Times;
use clock::{Clock, Timeouts};
use service::Timed;
use shared::Connection;
use stream::Watched;

/// Wraps another acceptor and gives each of its connections a slot and a [`Clock`].
#[derive(Clone, Debug)]
pub(super) struct ConnectionAcceptor<A> {
    inner: A,
    slots: Arc<Semaphore>,
    timeouts: Timeouts,
    active: ActiveConnections,
}

impl<A> ConnectionAcceptor<A> {
    /// An acceptor with that many slots.
    pub(super) fn new(inner: A, connections: usize, times: Times) -> Self {
        let slots = connections.min(Semaphore::MAX_PERMITS);
        Self {
            inner,
            slots: Arc::new(Semaphore::new(slots)),
            timeouts: times.into(),
            active: ActiveConnections::default(),
        }
    }

    /// Its active connections, which sent data after the handshake.
    pub(super) fn active(&self) -> ActiveConnections {
        self.active.clone()
    }
}

impl<A, I, S> Accept<I, S> for ConnectionAcceptor<A>
where
    A: Accept<I, S>,
    A::Future: Send + 'static,
{
    type Stream = Watched<A::Stream>;
    type Service = Timed<A::Service>;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let Ok(slot) = Arc::clone(&self.slots).try_acquire_owned() else {
            tracing::debug!("all connection slots are taken, a new connection was closed");
            return Box::pin(async { Err(io::ErrorKind::ConnectionRefused.into()) });
        };
        let accepted = self.inner.accept(stream, service);
        let (timeouts, active) = (self.timeouts, self.active.clone());
        Box::pin(async move {
            let (stream, service) = accepted.await?;
            let connection = Arc::new(Connection::new(Clock::new(timeouts, Instant::now()), slot));
            Ok((Watched::new(stream, Arc::clone(&connection), active), Timed::new(service, connection)))
        })
    }
}
