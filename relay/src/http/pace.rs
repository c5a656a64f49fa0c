//! Uploads that come too slowly are given up.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::flow::{Flow, Pace, Slow};
use crate::problem::{Problem, ProblemKind};

/// Holds the body to its pace, whoever reads it, and answers for a body that is given up: [`Slow`] is then among the
/// answer's extensions.
pub(super) async fn keep(State(pace): State<Pace>, request: Request, next: Next) -> Response {
    let verdict = Arc::new(OnceLock::new());
    let request =
        request.map(|body| Body::new(Paced { body, pace, flow: None, timer: None, verdict: verdict.clone() }));
    let response = next.run(request).await;
    let Some(slow) = verdict.get() else { return response };
    let mut response = problem(*slow, pace).into_response();
    response.extensions_mut().insert(*slow);
    response
}

fn problem(slow: Slow, pace: Pace) -> Problem {
    let detail = match slow {
        Slow::Stalled => format!("nothing arrived for {:?}; send it again", pace.stall),
        Slow::Crawling => {
            format!("under {} bytes a second arrived; send it again from where the network is better", pace.least_rate)
        }
    };
    Problem::new(ProblemKind::TimedOut, detail)
}

struct Paced {
    body: Body,
    pace: Pace,
    /// Begins when a handler begins to read: until then the client may have been told to wait.
    flow: Option<Flow>,
    /// Looked at only when nothing is there, and moved only when it fires: cheaper than at every byte.
    timer: Option<Pin<Box<Sleep>>>,
    verdict: Arc<OnceLock<Slow>>,
}

/// The body was given up.
#[derive(Debug, thiserror::Error)]
#[error("the body came too slowly")]
struct GivenUp;

impl Paced {
    /// Pending until the deadline is over.
    fn wait(&mut self, cx: &mut Context<'_>) -> Poll<Slow> {
        let flow = *self.flow.get_or_insert_with(|| Flow::starting(Instant::now()));
        let (deadline, slow) = flow.deadline(self.pace);
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        loop {
            ready!(timer.as_mut().poll(cx));
            if deadline <= Instant::now() {
                return Poll::Ready(slow);
            }
            timer.as_mut().reset(deadline);
        }
    }
}

impl http_body::Body for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let now = Instant::now();
        self.flow.get_or_insert_with(|| Flow::starting(now));
        let Poll::Ready(next) = Pin::new(&mut self.body).poll_frame(cx) else {
            let slow = ready!(self.wait(cx));
            let _ = self.verdict.set(slow);
            return Poll::Ready(Some(Err(axum::Error::new(GivenUp))));
        };
        let bytes = next.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref()).map_or(0, Bytes::len);
        if let Some(flow) = &mut self.flow {
            flow.passed(bytes, now);
        }
        Poll::Ready(next)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
