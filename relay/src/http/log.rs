//! The access log.

use std::time::Instant;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

use crate::problem::ProblemKind;

/// Characters of a path that are logged. Only unknown paths are longer.
const MAX_PATH: usize = 64;

/// Logs one line a request. Neither queries nor bodies nor names of files are in it.
pub(super) async fn one_line(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let path: String = request.uri().path().chars().take(MAX_PATH).collect();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let ms = started.elapsed().as_millis() as u64;
    match response.extensions().get::<ProblemKind>() {
        Some(problem) => tracing::info!(%method, path, status, ms, problem = problem.type_uri(), "refused"),
        None => tracing::info!(%method, path, status, ms, "answered"),
    }
    response
}
