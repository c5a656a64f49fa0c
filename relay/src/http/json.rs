//! Answers in JSON that nobody keeps.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// What is answered to one request alone.
#[derive(Debug)]
pub(super) struct Json<T>(pub(super) T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        // Strings and finite numbers only: serialising them cannot fail.
        (headers, serde_json::to_vec(&self.0).unwrap_or_default()).into_response()
    }
}
