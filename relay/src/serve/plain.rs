//! Plain HTTP on the port that speaks HTTPS, as of a browser or `curl` without `https://`: it is told so.
//!
//! Without an answer people see a few bytes of a TLS alert, and look for the fault anywhere but in the address.

use std::io;
use std::pin::Pin;
use std::time::Duration;

use axum_server::accept::Accept;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy, sink};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};

use crate::metrics::{Metrics, Refusal};

/// The methods of HTTP/1.1 (RFC 9110, RFC 5789), as a request begins with them.
const METHODS: [&str; 9] = ["CONNECT ", "DELETE ", "GET ", "HEAD ", "OPTIONS ", "PATCH ", "POST ", "PUT ", "TRACE "];
/// The one whose answer has no body.
const HEAD: &str = "HEAD ";
/// What such a client is told.
const WORDS: &str = "this port speaks HTTPS: use https:// in place of http://\n";
/// Bytes that are read after the answer: closed over unread ones, a connection is reset and the answer lost.
const MAX_DISCARDED: u64 = 16 << 20;
/// Time that they may take.
const LINGER: Duration = Duration::from_secs(2);

/// Gives another acceptor the connections that do not begin with a letter, as no handshake does.
#[derive(Clone, Debug)]
pub(super) struct PlainAcceptor<A> {
    inner: A,
    timeout_after: Duration,
    metrics: Metrics,
}

impl<A> PlainAcceptor<A> {
    /// From the connection to the end of its handshake, or of what it is told, `timeout_after` may pass.
    pub(super) fn new(inner: A, timeout_after: Duration, metrics: Metrics) -> Self {
        Self { inner, timeout_after, metrics }
    }
}

impl<A, S> Accept<TcpStream, S> for PlainAcceptor<A>
where
    A: Accept<TcpStream, S> + Clone + Send + Sync + 'static,
    A::Future: Send + 'static,
    S: Send + 'static,
{
    type Stream = A::Stream;
    type Service = A::Service;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, mut stream: TcpStream, service: S) -> Self::Future {
        let Self { inner, timeout_after, metrics } = self.clone();
        Box::pin(async move {
            let until = Instant::now() + timeout_after;
            if !timeout_at(until, begins_with_a_letter(&stream)).await?? {
                return timeout_at(until, inner.accept(stream, service)).await?;
            }
            let refused = async {
                let method = method(&mut stream).await?;
                metrics.refuse(Refusal::PlainHttp);
                tracing::debug!("plain HTTP was spoken, the connection was closed");
                tell(&mut stream, method).await
            };
            timeout_at(until, refused).await??;
            Err(io::ErrorKind::InvalidData.into())
        })
    }
}

/// Leaves the byte where it is.
async fn begins_with_a_letter(stream: &TcpStream) -> io::Result<bool> {
    let mut first = [0];
    let peeked = stream.peek(&mut first).await?;
    Ok(peeked == first.len() && first[0].is_ascii_uppercase())
}

/// Reads no further than the method goes, however the bytes come.
async fn method(stream: &mut TcpStream) -> io::Result<&'static str> {
    let mut begin = Vec::new();
    loop {
        begin.push(stream.read_u8().await?);
        match METHODS.iter().find(|method| method.as_bytes().starts_with(&begin)) {
            Some(method) if method.len() == begin.len() => return Ok(method),
            Some(_) => {}
            None => return Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

async fn tell(stream: &mut TcpStream, method: &str) -> io::Result<()> {
    let body = if method == HEAD { "" } else { WORDS };
    let answer = format!(
        "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        WORDS.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    timeout(LINGER, copy(&mut stream.take(MAX_DISCARDED), &mut sink())).await??;
    Ok(())
}
