//! The timeout of a request.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::{Problem, ProblemKind};

/// Responds 408 if there is no answer in time.
pub(crate) async fn enforce(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    tokio::time::timeout(limit, next.run(request)).await.unwrap_or_else(|_| {
        let detail = format!("no answer could be given within {limit:?}; try again");
        Problem::new(ProblemKind::TimedOut, detail).into_response()
    })
}
