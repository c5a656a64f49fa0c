//! A request body over a slow network.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame};
use tokio::time::{Interval, interval};

/// Time between two pieces.
const PAUSE: Duration = Duration::from_millis(100);

/// A body that is sent in pieces.
#[derive(Debug)]
pub(super) struct Trickle {
    rest: Bytes,
    /// Bytes of a piece.
    piece: usize,
    clock: Interval,
}

impl Trickle {
    /// Sends the body at that rate, bytes a second.
    pub(super) fn new(body: Bytes, rate: usize) -> Self {
        let piece = rate * PAUSE.as_millis() as usize / 1000;
        Self { rest: body, piece: piece.max(1), clock: interval(PAUSE) }
    }
}

impl Body for Trickle {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        ready!(self.clock.poll_tick(cx));
        let piece = self.piece.min(self.rest.len());
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(piece)))))
    }
}
