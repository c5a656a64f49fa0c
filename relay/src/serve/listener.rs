//! The socket that the relay listens on. It can be shut while those who came in are still served as before.
//!
//! The server itself takes no more connections only when it is signalled to stop, and cuts those then that have said nothing
//! yet: phones in their handshake, or whose first request is on its way.

use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::connect_info::Connected;
use axum_server::{AddrListener, Address};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A listening socket that a [`ListenerShutdown`] shuts.
#[derive(Debug)]
pub(super) struct Listener(Mutex<Option<Open>>);

#[derive(Clone, Debug)]
struct Open {
    listener: Arc<TcpListener>,
    shut: watch::Receiver<bool>,
}

/// Shuts a [`Listener`].
#[derive(Debug)]
pub(super) struct ListenerShutdown(watch::Sender<bool>);

/// Who comes through a [`Listener`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(SocketAddr);

impl Listener {
    /// A door, and what shuts it.
    ///
    /// # Errors
    /// The socket cannot be waited for.
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
    /// Lets those in who are at the door, and shuts it.
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
            // Without a latch it is open for ever.
            if shut.wait_for(|shut| *shut).await.is_err() {
                pending::<()>().await;
            }
        };
        tokio::select! {
            // Who is there already comes first.
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
