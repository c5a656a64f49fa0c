//! Problems in the protocol's format, `{"error": "..."}`.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use serde::Serialize;

use crate::problem::Problem;

/// The body of every error response under `/v2`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Failure {
    /// The error message.
    error: String,
}

/// Converts every problem response under `/v2` to the protocol's format. Status and other headers stay.
pub(crate) async fn in_protocol_format(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let ours = path == "/v2" || path.starts_with("/v2/");
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>().filter(|_| ours) else { return response };
    let error = match problem.photo() {
        Some(index) => format!("photo {index}: {}", problem.detail()),
        None => problem.detail().to_owned(),
    };
    // Cannot fail: one string is serialised.
    let body = serde_json::to_vec(&Failure { error }).unwrap_or_default();
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Response::from_parts(parts, Body::from(body))
}
