//! Problems in the words of the protocol: `{"error": "..."}`.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use serde::Serialize;

use crate::problem::Problem;

/// The body of every answer under `/v2` that is none of success.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http) struct Failure {
    /// What is wrong, for people.
    error: String,
}

/// Puts every problem of a path under `/v2` into the protocol's form, wherever it came from; its status and the other
/// headers stay.
pub(in crate::http) async fn in_its_own_words(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let ours = path == "/v2" || path.starts_with("/v2/");
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>().filter(|_| ours) else { return response };
    let error = match problem.photo() {
        Some(index) => format!("photo {index}: {}", problem.detail()),
        None => problem.detail().to_owned(),
    };
    // One string: serialising it cannot fail.
    let body = serde_json::to_vec(&Failure { error }).unwrap_or_default();
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Response::from_parts(parts, Body::from(body))
}
