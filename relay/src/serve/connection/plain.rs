//! Answers plain HTTP on the HTTPS port, as sent by a browser or `curl` without `https://`.
//!
//! Without this response users see a few bytes of a TLS alert, and look for the error anywhere but in the URL.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy, sink};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::monitoring::metrics::{Metrics, Refusal};

/// The methods of HTTP/1.1 (RFC 9110, RFC 5789) with the space after them.
const METHODS: [&str; 9] = ["CONNECT ", "DELETE ", "GET ", "HEAD ", "OPTIONS ", "PATCH ", "POST ", "PUT ", "TRACE "];
/// The method whose response has no body.
const HEAD: &str = "HEAD ";
/// The response body.
const RESPONSE: &str = "this port speaks HTTPS: use https:// in place of http://\n";
/// Bytes to drain after the response: closing a connection with unread bytes resets it, and the response is lost.
const MAX_DISCARDED: u64 = 16 << 20;
/// Time for draining.
const LINGER: Duration = Duration::from_secs(2);

/// Answers a connection if it begins with a letter, which no TLS handshake does. Returns whether it did.
pub(super) async fn answered(stream: &mut TcpStream, metrics: &Metrics) -> io::Result<bool> {
    if !begins_with_a_letter(stream).await? {
        return Ok(false);
    }
    let method = method(stream).await?;
    metrics.refuse(Refusal::PlainHttp);
    tracing::debug!("a client sent plain HTTP, the connection was closed");
    tell(stream, method).await?;
    Ok(true)
}

/// Peeks at the first byte without consuming it.
async fn begins_with_a_letter(stream: &TcpStream) -> io::Result<bool> {
    let mut first = [0];
    let peeked = stream.peek(&mut first).await?;
    Ok(peeked == first.len() && first[0].is_ascii_uppercase())
}

/// Reads only the method, however the bytes are split.
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
    let body = if method == HEAD { "" } else { RESPONSE };
    let answer = format!(
        "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        RESPONSE.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    timeout(LINGER, copy(&mut stream.take(MAX_DISCARDED), &mut sink())).await??;
    Ok(())
}
