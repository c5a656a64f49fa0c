//! Gives up uploads that come too slowly.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::http::body::{Meter, MinimumRate, Stall};
use crate::problem::{Problem, ProblemKind};

/// Enforces the minimum rate while a handler reads the body, and responds if the body is given up. The [`Stall`] is
/// then among the response's extensions.
pub(crate) async fn enforce(State(minimum): State<MinimumRate>, request: Request, next: Next) -> Response {
    let verdict = Arc::new(OnceLock::new());
    let request =
        request.map(|body| Body::new(Metered { body, minimum, meter: None, timer: None, verdict: verdict.clone() }));
    let response = next.run(request).await;
    let Some(stall) = verdict.get() else { return response };
    let mut response = problem(*stall, minimum).into_response();
    response.extensions_mut().insert(*stall);
    response
}

fn problem(stall: Stall, minimum: MinimumRate) -> Problem {
    let detail = match stall {
        Stall::Silent => format!("nothing arrived for {:?}; send it again", minimum.stall),
        Stall::BelowRate => {
            format!(
                "under {} bytes a second arrived; send it again from where the network is better",
                minimum.least_rate
            )
        }
    };
    Problem::new(ProblemKind::TimedOut, detail)
}

struct Metered {
    body: Body,
    minimum: MinimumRate,
    /// Starts when a handler starts to read: until then the client may be waiting for `100 Continue`.
    meter: Option<Meter>,
    /// Polled only while no data is there, and reset only when it fires: cheaper than at every byte.
    timer: Option<Pin<Box<Sleep>>>,
    verdict: Arc<OnceLock<Stall>>,
}

/// The body was given up.
#[derive(Debug, thiserror::Error)]
#[error("the body came too slowly")]
struct GivenUp;

impl Metered {
    /// Pending until the deadline is over.
    fn wait(&mut self, cx: &mut Context<'_>) -> Poll<Stall> {
        let meter = *self.meter.get_or_insert_with(|| Meter::starting(Instant::now()));
        let (deadline, stall) = meter.deadline(self.minimum);
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        loop {
            ready!(timer.as_mut().poll(cx));
            if deadline <= Instant::now() {
                return Poll::Ready(stall);
            }
            timer.as_mut().reset(deadline);
        }
    }
}

impl http_body::Body for Metered {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let now = Instant::now();
        self.meter.get_or_insert_with(|| Meter::starting(now));
        let Poll::Ready(next) = Pin::new(&mut self.body).poll_frame(cx) else {
            let stall = ready!(self.wait(cx));
            let _ = self.verdict.set(stall);
            return Poll::Ready(Some(Err(axum::Error::new(GivenUp))));
        };
        let bytes = next.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref()).map_or(0, Bytes::len);
        if let Some(meter) = &mut self.meter {
            meter.passed(bytes, now);
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
