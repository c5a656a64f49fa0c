//! Connections on which nothing happens are closed.
//!
//! Before the first byte, hyper does not know yet which version of HTTP it is to speak and none of its timeouts run;
//! an HTTP/2 connection without requests has none either.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// Time between the TLS handshake and the first byte of HTTP.
const FIRST_BYTE: Duration = Duration::from_secs(10);
/// Time without a byte either way; longer than a request may take, so that waiting for an answer is not idleness.
const IDLE: Duration = Duration::from_secs(75);

/// Gives another acceptor's streams [`Patience`].
#[derive(Clone, Debug)]
pub(super) struct PatientAcceptor<A> {
    inner: A,
}

impl<A> PatientAcceptor<A> {
    pub(super) fn new(inner: A) -> Self {
        Self { inner }
    }
}

impl<A, I, S> Accept<I, S> for PatientAcceptor<A>
where
    A: Accept<I, S>,
    A::Future: Send + 'static,
{
    type Stream = Patience<A::Stream>;
    type Service = A::Service;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let accepted = self.inner.accept(stream, service);
        Box::pin(async move {
            let (stream, service) = accepted.await?;
            Ok((Patience::new(stream), service))
        })
    }
}

/// A stream that fails with [`io::ErrorKind::TimedOut`] when no byte passes for too long.
#[derive(Debug)]
pub(super) struct Patience<S> {
    stream: S,
    /// Checked when `timer` fires; moving the timer itself at every byte would cost more.
    deadline: Instant,
    timer: Pin<Box<Sleep>>,
}

impl<S> Patience<S> {
    fn new(stream: S) -> Self {
        let deadline = Instant::now() + FIRST_BYTE;
        Self { stream, deadline, timer: Box::pin(sleep_until(deadline)) }
    }

    fn passed(&mut self, bytes: usize) {
        if bytes > 0 {
            self.deadline = Instant::now() + IDLE;
        }
    }

    /// Pending, or the error once the deadline is over.
    fn wait<T>(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        loop {
            ready!(self.timer.as_mut().poll(cx));
            if self.deadline <= Instant::now() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            self.timer.as_mut().reset(self.deadline);
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patience<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let Poll::Ready(read) = Pin::new(&mut self.stream).poll_read(cx, buffer) else { return self.wait(cx) };
        self.passed(buffer.filled().len() - before);
        Poll::Ready(read)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patience<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let Poll::Ready(written) = Pin::new(&mut self.stream).poll_write(cx, bytes) else { return self.wait(cx) };
        self.passed(written.as_ref().map_or(0, |written| *written));
        Poll::Ready(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Poll::Ready(flushed) = Pin::new(&mut self.stream).poll_flush(cx) else { return self.wait(cx) };
        Poll::Ready(flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Poll::Ready(closed) = Pin::new(&mut self.stream).poll_shutdown(cx) else { return self.wait(cx) };
        Poll::Ready(closed)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        let Poll::Ready(written) = written else { return self.wait(cx) };
        self.passed(written.as_ref().map_or(0, |written| *written));
        Poll::Ready(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
    use tokio::time::{advance, sleep};

    #[tokio::test(start_paused = true)]
    async fn a_client_that_never_speaks_is_let_go() {
        let (_client, server) = duplex(64);
        let started = Instant::now();
        let error = Patience::new(server).read_u8().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(started.elapsed().as_secs(), FIRST_BYTE.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn bytes_either_way_keep_a_connection() {
        let (mut client, server) = duplex(64);
        let mut server = Patience::new(server);
        client.write_u8(1).await.unwrap();
        server.read_u8().await.unwrap();
        for _ in 0..3 {
            advance(IDLE - Duration::from_secs(1)).await;
            server.write_u8(2).await.unwrap();
        }
        let waiting = tokio::spawn(async move { server.read_u8().await });
        sleep(IDLE - Duration::from_secs(1)).await;
        client.write_u8(3).await.unwrap();
        assert_eq!(waiting.await.unwrap().unwrap(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_never_reads_is_let_go() {
        let (_client, server) = duplex(4);
        let mut server = Patience::new(server);
        let error = server.write_all(&[0; 64]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
