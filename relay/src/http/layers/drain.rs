//! Drains a request body after the response is known.
//!
//! Closing a connection with unread bytes resets it, and the client may lose the response. Clients that write their
//! whole body before they read, as `wx.uploadFile` does, would never see why they were refused.

use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{self, Request};
use axum::http::{HeaderMap, StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body::{Body as _, Frame, SizeHint};
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout_at};

use super::log_context;
use crate::http::body::Stall;
use crate::monitoring::health::{Health, State};
use crate::problem::{Problem, ProblemKind};

/// Most bytes that are drained.
const MAX_DISCARDED: usize = 128 << 20;
/// Time for draining, within the timeout of the request.
const DISCARD_TIMEOUT: Duration = Duration::from_secs(10);
/// Time for draining after a response to a body that came too slowly.
const LINGER: Duration = Duration::from_secs(2);
/// The detail for requests that are cut.
const CUT: &str = "the relay stopped before it could answer; send it again";

/// The state of this layer.
#[derive(Clone, Debug)]
pub(crate) struct Drain {
    pub(crate) health: Health,
    /// The timeout of a request.
    pub(crate) request: Duration,
}

/// Responds only after the rest of the request body was read, within limits, and discarded. A request that is cut by a
/// shutdown is answered at once.
///
/// A body that an HTTP/1.1 client holds back (`Expect: 100-continue`) is not requested. A client that sends too slowly
/// is answered first, and its body is drained within [`LINGER`] afterwards; a stalled body is not drained.
pub(crate) async fn discard(extract::State(state): extract::State<Drain>, request: Request, next: Next) -> Response {
    let until = Instant::now() + state.request;
    let (parts, body) = request.into_parts();
    // HTTP/2 clients have been seen to send the header and the body at once.
    let held_back = parts.version < Version::HTTP_2 && expects_continue(&parts.headers);
    let home = Home::default();
    let lent = Body::new(Lent { body, read: false, home: Arc::clone(&home) });
    let response = tokio::select! {
        biased;
        response = next.run(Request::from_parts(parts, lent)) => response,
        () = state.health.until_cut() => Problem::new(ProblemKind::Stopping, CUT).into_response(),
    };
    let left = home.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(Left { body, read }) = left
        && (read || !held_back)
    {
        let now = Instant::now();
        match response.extensions().get() {
            Some(Stall::Silent) => {}
            _ if response.status() == StatusCode::REQUEST_TIMEOUT || state.health.state() == State::Cutting => {
                tokio::spawn(timeout_at(now + LINGER, read_away(body)));
            }
            _ => tokio::select! {
                _ = timeout_at(until.min(now + DISCARD_TIMEOUT), read_away(body)) => {}
                () = state.health.until_cut() => {}
            },
        }
    }
    response
}

fn expects_continue(headers: &HeaderMap) -> bool {
    headers.get(header::EXPECT).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"))
}

async fn read_away(mut body: Body) {
    let mut allowed = MAX_DISCARDED;
    while let Some(Ok(frame)) = body.frame().await {
        match allowed.checked_sub(frame.data_ref().map_or(0, Bytes::len)) {
            Some(rest) => allowed = rest,
            None => return,
        }
    }
}

type Home = Arc<Mutex<Option<Left>>>;

/// An unfinished body.
struct Left {
    body: Body,
    /// Whether a handler started to read it.
    read: bool,
}

/// A request body that is given back when its handler drops it early.
struct Lent {
    body: Body,
    read: bool,
    home: Home,
}

impl http_body::Body for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.read = true;
        let next = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &next {
            log_context::bytes(frame.data_ref().map_or(0, Bytes::len));
        }
        next
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if !self.body.is_end_stream() {
            let left = Left { body: mem::take(&mut self.body), read: self.read };
            *self.home.lock().unwrap_or_else(PoisonError::into_inner) = Some(left);
        }
    }
}
