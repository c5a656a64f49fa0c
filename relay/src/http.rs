//! What the relay answers over HTTP.

mod accept;
mod leftover;
mod log;
mod memory;
mod query;
mod upload;

pub use upload::MAX_BODY;

use std::sync::Arc;
use std::time::Duration;

use crate::current::Current;
use crate::pool::Pool;
use crate::problem::{Problem, ProblemKind};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use memory::Memory;

/// A request's time from its header to its answer.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);

/// What every request shares.
#[derive(Debug)]
pub struct App {
    predictor: Current,
    pool: Pool,
    /// For bodies: a full-sized one for each place in the pool.
    memory: Memory,
}

impl App {
    /// Answers with the predictor that is current, `workers` photos at once and `waiting` more in the queue.
    #[must_use]
    pub fn new(predictor: Current, workers: usize, waiting: usize) -> Self {
        Self {
            predictor,
            pool: Pool::new(workers, waiting),
            memory: Memory::new(workers.saturating_add(waiting).saturating_mul(MAX_BODY)),
        }
    }
}

/// The service.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/", get(|| async { "hello" }))
        .route("/upload_image", post(upload::upload).layer(DefaultBodyLimit::max(MAX_BODY)))
        .method_not_allowed_fallback(|| async {
            Problem::new(ProblemKind::MethodNotAllowed, "the Allow header lists the methods of this path")
        })
        .fallback(|| async {
            Problem::new(ProblemKind::UnknownPath, "nothing is here; photos are sent to POST /upload_image")
        })
        // The last layer is the outermost.
        .layer(from_fn(within_deadline))
        .layer(from_fn(leftover::discard))
        .layer(from_fn(log::one_line))
        .with_state(Arc::new(app))
}

async fn within_deadline(request: Request, next: Next) -> Response {
    tokio::time::timeout(REQUEST_TIMEOUT, next.run(request)).await.unwrap_or_else(|_| {
        let detail = format!("no answer could be given within {} s; try again", REQUEST_TIMEOUT.as_secs());
        Problem::new(ProblemKind::TimedOut, detail).into_response()
    })
}
