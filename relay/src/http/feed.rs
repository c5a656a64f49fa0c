//! A parser is fed large pieces, however small those are that arrive.
//!
//! The parser of multipart looks through all that it holds each time that it is asked, though nothing may have come. A
//! sender who never ends a part's header, and lets one byte after the other follow megabytes of it, would keep a core
//! busy with that. So it is asked only when there is a piece for it.

use std::future::poll_fn;
use std::mem;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use http_body::{Body as _, Frame, SizeHint};

/// Bytes of a piece at least, but for the last.
const PIECE: usize = 64 << 10;

/// Of what was handed on before, this share is a piece at least: all bytes together are looked through so many times at
/// most, and some.
const SHARE: usize = 16;

/// What arrives for a parser.
#[derive(Clone)]
pub(super) struct Feed(Arc<Mutex<State>>);

struct State {
    body: Body,
    held: Vec<u8>,
    /// Bytes that were handed on.
    passed: usize,
    /// What is to be handed on next.
    piece: Option<Result<Bytes, axum::Error>>,
    ended: bool,
}

impl Feed {
    /// The feed, and what the parser is to read.
    pub(super) fn new(body: Body) -> (Self, Body) {
        let state = State { body, held: Vec::new(), passed: 0, piece: None, ended: false };
        let feed = Self(Arc::new(Mutex::new(state)));
        (feed.clone(), Body::new(feed))
    }

    /// What the parser answers.
    pub(super) async fn answer<T>(&self, parser: impl Future<Output = T>) -> T {
        let mut parser = pin!(parser);
        // It may know by what it holds.
        let mut ask = true;
        poll_fn(
            |cx| {
                if mem::take(&mut ask) || self.state().pump(cx) { parser.as_mut().poll(cx) } else { Poll::Pending }
            },
        )
        .await
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether there is something for the parser: a piece, or the end.
    fn pump(&mut self, cx: &mut Context<'_>) -> bool {
        while self.piece.is_none() && !self.ended {
            match Pin::new(&mut self.body).poll_frame(cx) {
                Poll::Pending => return false,
                // Trailers mean nothing to multipart.
                Poll::Ready(Some(Ok(frame))) => {
                    self.held.extend_from_slice(frame.data_ref().map_or(&[][..], |data| data));
                    if self.held.len() >= PIECE.max(self.passed / SHARE) {
                        self.hand_on();
                    }
                }
                Poll::Ready(Some(Err(error))) => {
                    self.piece = Some(Err(error));
                    self.ended = true;
                }
                Poll::Ready(None) => {
                    self.hand_on();
                    self.ended = true;
                }
            }
        }
        true
    }

    fn hand_on(&mut self) {
        let piece = Bytes::from(mem::take(&mut self.held));
        self.passed += piece.len();
        self.piece = (!piece.is_empty()).then_some(Ok(piece));
    }
}

impl http_body::Body for Feed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut state = self.state();
        if state.pump(cx) { Poll::Ready(state.piece.take().map(|piece| piece.map(Frame::data))) } else { Poll::Pending }
    }

    fn is_end_stream(&self) -> bool {
        let state = self.state();
        state.piece.is_none() && (state.ended || state.held.is_empty() && state.body.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;
    use proptest::prelude::*;

    /// A body that comes in these pieces, and lets its reader wait for each.
    struct Pieces {
        rest: std::vec::IntoIter<Vec<u8>>,
        waited: bool,
    }

    impl http_body::Body for Pieces {
        type Data = Bytes;
        type Error = axum::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
            self.waited = !self.waited;
            if self.waited {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Poll::Ready(self.rest.next().map(|piece| Ok(Frame::data(piece.into()))))
        }
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    }

    fn feed(pieces: Vec<Vec<u8>>) -> (Feed, Body) {
        Feed::new(Body::new(Pieces { rest: pieces.into_iter(), waited: false }))
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_piece_is_small(sizes in proptest::collection::vec(0usize..40_000, 0..60)) {
            let pieces: Vec<Vec<u8>> = sizes.iter().enumerate().map(|(index, size)| vec![index as u8; *size]).collect();
            let (feed, mut body) = feed(pieces.clone());
            let frames = block_on(async {
                let mut frames = Vec::new();
                while let Some(frame) = feed.answer(body.frame()).await {
                    frames.push(frame.unwrap().into_data().unwrap());
                }
                frames
            });
            prop_assert_eq!(frames.concat(), pieces.concat());
            let last = frames.len().saturating_sub(1);
            prop_assert!(frames.iter().take(last).all(|frame| frame.len() >= PIECE));
        }
    }

    #[test]
    fn a_parser_is_asked_in_proportion_to_what_there_is() {
        let whole = 1 << 20;
        let (feed, mut body) = feed(vec![vec![7; 1]; whole]);
        let (mut held, mut asked, mut looked) = (0, 0, 0);
        let parser = poll_fn(|cx| {
            asked += 1;
            looked += held;
            while let Poll::Ready(frame) = Pin::new(&mut body).poll_frame(cx) {
                let Some(frame) = frame else { return Poll::Ready(()) };
                held += frame.unwrap().into_data().unwrap().len();
            }
            Poll::Pending
        });
        block_on(feed.answer(parser));
        assert!(held == whole && asked < 20 && looked < 20 * whole, "{asked} times, {looked} bytes");
    }
}
