//! The listening socket. It can be closed while open connections are still served.
//!
//! The server's own shutdown stops accepting connections, but also cuts connections that have not sent a request yet:
//! phones in their handshake, or with a first request on its way.

use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::connect_info::Connected;
use axum_server::{AddrListener, Address};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A listening socket that [`ListenerShutdown`] closes.
#[derive(Debug)]
pub(super) struct Listener(Mutex<Option<Open>>);

#[derive(Clone, Debug)]
struct Open {
    listener: Arc<TcpListener>,
    shut: watch::Receiver<bool>,
}

/// Closes a [`Listener`].
#[derive(Debug)]
pub(super) struct ListenerShutdown(watch::Sender<bool>);

/// The address of a client of a [`Listener`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(SocketAddr);

impl Listener {
    /// A listener, and the handle that closes it.
    ///
    /// # Errors
    /// The socket cannot be registered with the runtime.
    pub(super) fn new(listener: std::net::TcpListener) -> io::Result<(Self, ListenerShutdown)> {
        let (shutdown, shut) = watch::channel(false);
        Ok((Self::open(TcpListener::from_std(listener)?, shut), ListenerShutdown(shutdown)))
    }

    fn open(listener: TcpListener, shut: watch::Receiver<bool>) -> Self {
        Self(Mutex::new(Some(Open { listener: Arc::new(listener), shut })))
    }

    fn state(&self) -> MutexGuard<'_, Option<Open>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ListenerShutdown {
    /// Accepts the pending connections, then closes the socket.
    pub(super) async fn shut(&self) {
        self.0.send_replace(true);
        self.0.closed().await;
    }
}

impl Address for Peer {
    type Stream = TcpStream;
    type Listener = Listener;
}

impl AddrListener<TcpStream, Peer> for Listener {
    async fn bind_to(Peer(address): Peer) -> io::Result<Self> {
        Ok(Self::open(TcpListener::bind(address).await?, watch::channel(false).1))
    }

    async fn accept_stream(&self) -> io::Result<(TcpStream, Peer)> {
        let Some(Open { listener, mut shut }) = self.state().clone() else { return pending().await };
        let signalled = async {
            // Without the handle the socket stays open.
            if shut.wait_for(|shut| *shut).await.is_err() {
                pending::<()>().await;
            }
        };
        tokio::select! {
            // Pending connections come first.
            biased;
            accepted = listener.accept() => return accepted.map(|(stream, address)| (stream, Peer(address))),
            () = signalled => {}
        }
        *self.state() = None;
        drop((listener, shut));
        pending().await
    }

    fn get_local_addr(&self) -> io::Result<Peer> {
        self.state().as_ref().ok_or(io::ErrorKind::NotConnected)?.listener.local_addr().map(Peer)
    }
}

impl Connected<Peer> for SocketAddr {
    fn connect_info(Peer(address): Peer) -> Self {
        address
    }
}
