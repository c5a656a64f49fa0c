//! The handshake of a new connection.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::plain;
use crate::monitoring::metrics::Metrics;

/// Makes the stream of a new connection.
pub(in crate::serve) trait Handshake: Clone + Send + Sync + 'static {
    /// The stream that carries HTTP.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// # Errors
    /// The connection carries no HTTP.
    fn stream(&self, stream: TcpStream) -> impl Future<Output = io::Result<Self::Stream>> + Send;
}

/// No handshake: plain HTTP.
#[derive(Clone, Copy, Debug)]
pub(in crate::serve) struct Plain;

impl Handshake for Plain {
    type Stream = TcpStream;

    async fn stream(&self, stream: TcpStream) -> io::Result<TcpStream> {
        Ok(stream)
    }
}

/// TLS. Plain HTTP is answered with a hint.
#[derive(Clone)]
pub(in crate::serve) struct Tls {
    acceptor: TlsAcceptor,
    timeout_after: Duration,
    metrics: Metrics,
}

impl Tls {
    /// `timeout_after` limits the time from the connection to the end of its handshake, or of the plain response.
    pub(in crate::serve) fn new(config: ServerConfig, timeout_after: Duration, metrics: Metrics) -> Self {
        Self { acceptor: Arc::new(config).into(), timeout_after, metrics }
    }
}

impl Handshake for Tls {
    type Stream = TlsStream<TcpStream>;

    async fn stream(&self, mut stream: TcpStream) -> io::Result<Self::Stream> {
        let handshake = async {
            if plain::answered(&mut stream, &self.metrics).await? {
                return Err(io::ErrorKind::InvalidData.into());
            }
            self.acceptor.accept(stream).await
        };
        timeout(self.timeout_after, handshake).await?
    }
}
