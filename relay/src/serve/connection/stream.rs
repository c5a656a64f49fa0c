//! The stream of a connection. It fails when the clock's deadline passes.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use super::shared::Connection;
use crate::serve::connections::{ActiveConnection, Connections};

/// Polling interval of the clock while there is no deadline: the end of a request that its client cancelled does not
/// wake this task.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// A stream that fails with [`io::ErrorKind::TimedOut`] when its connection's deadline passes.
#[derive(Debug)]
pub(in crate::serve) struct Watched<S> {
    stream: S,
    connection: Arc<Connection>,
    /// Created on demand, and reset only when it fires or is too late: cheaper than at every byte.
    timer: Option<Pin<Box<Sleep>>>,
    connections: Connections,
    /// Set at the first byte.
    counted: Option<ActiveConnection>,
}

impl<S> Watched<S> {
    pub(in crate::serve) fn new(stream: S, connection: Arc<Connection>, connections: Connections) -> Self {
        Self { stream, connection, timer: None, connections, counted: None }
    }

    /// Pending until the deadline, then the error.
    fn wait<T>(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        loop {
            let now = Instant::now();
            let deadline = self.connection.clock().deadline();
            if deadline.is_some_and(|deadline| deadline <= now) {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            let look = deadline.unwrap_or(now + LOOK_AGAIN);
            let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(look)));
            if timer.is_elapsed() || timer.deadline() > look {
                timer.as_mut().reset(look);
            }
            ready!(timer.as_mut().poll(cx));
        }
    }

    /// Reports a write to the clock: bytes were sent, or the send buffer is full.
    fn out<T>(
        &mut self,
        cx: &mut Context<'_>,
        done: Poll<io::Result<T>>,
        bytes: impl Fn(&T) -> usize,
    ) -> Poll<io::Result<T>> {
        match &done {
            Poll::Pending => {
                self.connection.clock().blocked();
                return self.wait(cx);
            }
            Poll::Ready(Ok(written)) => self.connection.clock().written(bytes(written), Instant::now()),
            Poll::Ready(Err(_)) => {}
        }
        done
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let Poll::Ready(read) = Pin::new(&mut self.stream).poll_read(cx, buffer) else { return self.wait(cx) };
        let bytes = buffer.filled().get(before..).unwrap_or_default();
        self.connection.clock().read(bytes, Instant::now());
        if self.counted.is_none() && !bytes.is_empty() {
            self.counted = Some(self.connections.active());
        }
        Poll::Ready(read)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.out(cx, written, |bytes| *bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        self.out(cx, flushed, |()| 0)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let closed = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.out(cx, closed, |()| 0)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.out(cx, written, |bytes| *bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
