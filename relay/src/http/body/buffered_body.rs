//! Buffers a request body, so that its parser gets large chunks however small the arriving ones are.
//!
//! The multipart parser searches its whole buffer each time it is polled, even if nothing has arrived. A client that
//! sends megabytes of an unfinished part header byte by byte would keep a core busy. So the parser is polled only when
//! there is a chunk for it, and gets one chunk per poll: it reports a broken form if it sees more at once than it
//! searches.

use std::future::poll_fn;
use std::mem;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use http_body::{Body as _, Frame};

/// Minimum size of a chunk, except the last, bytes.
const PIECE: usize = 64 << 10;

/// A chunk also has at least 1/16 of the bytes passed before, so that each byte is searched a bounded number of times.
const SHARE: usize = 16;

/// A buffered body.
#[derive(Clone)]
pub(crate) struct BufferedBody(Arc<Mutex<State>>);

struct State {
    body: Body,
    held: Vec<u8>,
    /// Bytes passed to the parser.
    passed: usize,
    /// The next chunk.
    piece: Option<Result<Bytes, axum::Error>>,
    ended: bool,
    /// Whether the parser has seen the end.
    end_seen: bool,
}

impl BufferedBody {
    /// The buffer, and the body for the parser.
    pub(crate) fn new(body: Body) -> (Self, Body) {
        let state = State { body, held: Vec::new(), passed: 0, piece: None, ended: false, end_seen: false };
        let buffered = Self(Arc::new(Mutex::new(state)));
        (buffered.clone(), Body::new(buffered))
    }

    /// Polls the parser whenever there is a chunk for it, and returns its result.
    pub(crate) async fn answer<T>(&self, parser: impl Future<Output = T>) -> T {
        let mut parser = pin!(parser);
        // The parser may be able to answer from its own buffer.
        let mut ask = self.state().has_started();
        poll_fn(|cx| {
            while mem::take(&mut ask) || self.state().pump(cx) {
                let answer = parser.as_mut().poll(cx);
                // A chunk that the parser has not read stays until the next poll.
                if answer.is_ready() || self.state().has_unread() {
                    return answer;
                }
            }
            Poll::Pending
        })
        .await
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether the parser got anything yet.
    fn has_started(&self) -> bool {
        self.passed > 0 || self.end_seen
    }

    /// Whether there is a chunk or the end that the parser has not seen.
    fn has_unread(&self) -> bool {
        self.piece.is_some() || self.ended && !self.end_seen
    }

    /// Reads what arrived. Returns whether there is something new for the parser.
    fn pump(&mut self, cx: &mut Context<'_>) -> bool {
        while self.piece.is_none() && !self.ended {
            match Pin::new(&mut self.body).poll_frame(cx) {
                Poll::Pending => return false,
                // Multipart ignores trailers.
                Poll::Ready(Some(Ok(frame))) => {
                    self.held.extend_from_slice(frame.data_ref().map_or(&[][..], |data| data));
                    if self.held.len() >= PIECE.max(self.passed / SHARE) {
                        self.pass_on();
                    }
                }
                Poll::Ready(Some(Err(error))) => {
                    self.piece = Some(Err(error));
                    self.ended = true;
                }
                Poll::Ready(None) => {
                    self.pass_on();
                    self.ended = true;
                }
            }
        }
        self.has_unread()
    }

    fn pass_on(&mut self) {
        let piece = Bytes::from(mem::take(&mut self.held));
        self.passed += piece.len();
        self.piece = (!piece.is_empty()).then_some(Ok(piece));
    }
}

impl http_body::Body for BufferedBody {
    type Data = Bytes;
    type Error = axum::Error;

    /// Registers no waker: [`BufferedBody::answer`] does.
    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut state = self.state();
        match state.piece.take() {
            Some(piece) => Poll::Ready(Some(piece.map(Frame::data))),
            None if state.ended => {
                state.end_seen = true;
                Poll::Ready(None)
            }
            None => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        let state = self.state();
        state.piece.is_none() && state.ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::extract::multipart::{Multipart, MultipartError};
    use axum::extract::{FromRequest, Request};
    use axum::http::header;
    use http_body_util::BodyExt;
    use proptest::prelude::*;

    /// A body of these chunks; `None` is a moment without data.
    struct Pieces(std::vec::IntoIter<Option<Vec<u8>>>);

    impl http_body::Body for Pieces {
        type Data = Bytes;
        type Error = axum::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
            match self.0.next() {
                Some(Some(piece)) => Poll::Ready(Some(Ok(Frame::data(piece.into())))),
                Some(None) => {
                    cx.waker().wake_by_ref();
                    Poll::Pending
                }
                None => Poll::Ready(None),
            }
        }
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    }

    fn buffered(pieces: Vec<Option<Vec<u8>>>) -> (BufferedBody, Body) {
        BufferedBody::new(Body::new(Pieces(pieces.into_iter())))
    }

    /// The chunks with a wait before each, and before the end.
    fn waiting(pieces: &[Vec<u8>]) -> Vec<Option<Vec<u8>>> {
        pieces.iter().flat_map(|piece| [None, Some(piece.clone())]).chain([None]).collect()
    }

    const BOUNDARY: &str = "boundary";

    /// A part's name, and its content unless it was skipped.
    type Part = (String, Option<Vec<u8>>);

    /// The parts of a form that arrives in these chunks. A part is not read if `skipped` has the bit of its number.
    async fn parts(pieces: Vec<Option<Vec<u8>>>, skipped: u8) -> Result<Vec<Part>, MultipartError> {
        let (buffered, body) = buffered(pieces);
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let request = Request::builder().header(header::CONTENT_TYPE, kind).body(body).unwrap();
        let mut form = Multipart::from_request(request, &()).await.unwrap();
        let mut parts = Vec::new();
        while let Some(mut part) = buffered.answer(form.next_field()).await? {
            let name = part.name().unwrap().to_owned();
            let mut held = (skipped >> parts.len() & 1 == 0).then(Vec::new);
            while let Some(held) = &mut held
                && let Some(chunk) = buffered.answer(part.chunk()).await?
            {
                held.extend_from_slice(&chunk);
            }
            parts.push((name, held));
        }
        Ok(parts)
    }

    fn form(preamble: &[u8], parts: &[Vec<u8>]) -> Vec<u8> {
        let head = |number| format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{number}\"\r\n\r\n");
        let parts = parts.iter().enumerate().map(|(number, part)| [head(number).as_bytes(), part, b"\r\n"].concat());
        let end = format!("--{BOUNDARY}--\r\n").into_bytes();
        [preamble.to_vec()].into_iter().chain(parts).chain([end]).collect::<Vec<_>>().concat()
    }

    /// Bytes that are hard for parsers, up to more than a few chunks of them.
    fn awkward() -> impl Strategy<Value = Vec<u8>> {
        let bytes = prop::sample::select(b"\r\n-o\xff".to_vec());
        let unit = prop::collection::vec(bytes, 1..12);
        let size = prop_oneof![0usize..100, 0..3 * PIECE];
        (unit, size).prop_map(|(unit, size)| unit.into_iter().cycle().take(size).collect())
    }

    #[test]
    fn a_form_that_arrives_whole_after_a_wait_is_valid() {
        let whole = form(b"", &[b"leaf".to_vec()]);
        let expected = vec![("0".to_owned(), Some(b"leaf".to_vec()))];
        assert_eq!(block_on(parts(vec![None, Some(whole)], 0)).unwrap(), expected);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn chunking_does_not_change_the_parts(
            preamble in awkward(),
            contents in prop::collection::vec(awkward(), 0..4),
            cuts in prop::collection::vec((prop_oneof![1usize..40, 1..2 * PIECE], 0usize..3), 1..20),
            skipped: u8,
            waits_for_the_end: bool,
        ) {
            let form = form(&preamble, &contents);
            let (mut rest, mut pieces) = (form.as_slice(), Vec::new());
            // Only the beginning is cut small; otherwise there would be hundreds of thousands of chunks.
            for (size, waits) in cuts.iter().copied().chain(std::iter::repeat((PIECE / 2, cuts[0].1))) {
                if rest.is_empty() {
                    break;
                }
                let (piece, after) = rest.split_at(size.min(rest.len()));
                pieces.extend(vec![None; waits]);
                pieces.push(Some(piece.to_vec()));
                rest = after;
            }
            pieces.extend(waits_for_the_end.then_some(None));
            let numbered = contents.into_iter().enumerate();
            let expected: Vec<Part> = numbered
                .map(|(number, held)| (number.to_string(), (skipped >> number & 1 == 0).then_some(held)))
                .collect();
            let found = block_on(parts(pieces, skipped)).unwrap();
            prop_assert!(found == expected);
        }
    }

    proptest! {
        #[test]
        fn no_byte_is_lost_and_no_chunk_is_small(sizes in proptest::collection::vec(0usize..40_000, 0..60)) {
            let pieces: Vec<Vec<u8>> = sizes.iter().enumerate().map(|(index, size)| vec![index as u8; *size]).collect();
            let (buffered, mut body) = buffered(waiting(&pieces));
            let frames = block_on(async {
                let mut frames = Vec::new();
                while let Some(frame) = buffered.answer(body.frame()).await {
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
    fn the_work_of_the_parser_is_linear_in_the_body() {
        let whole = 1 << 20;
        let (buffered, mut body) = buffered(waiting(&vec![vec![7; 1]; whole]));
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
        block_on(buffered.answer(parser));
        assert!(held == whole && asked < 20 && looked < 20 * whole, "{asked} times, {looked} bytes");
    }
}
