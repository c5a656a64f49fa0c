//! `GET /livez` and `GET /readyz`, for whoever starts, stops and chooses relays.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::App;
use crate::health;

/// The path that tells whether the relay runs.
pub(super) const LIVE: &str = "/livez";
/// The path that tells whether requests are welcome.
pub(super) const READY: &str = "/readyz";

/// Whether a request asks for one of the two. Other methods on their paths ask for nothing.
pub(super) fn is_asked(request: &Request) -> bool {
    [LIVE, READY].contains(&request.uri().path()) && [Method::GET, Method::HEAD].contains(request.method())
}

/// Whether the relay runs: it answers, so it does.
#[utoipa::path(get, path = "/livez", tag = "self", responses(
    (status = 200, description = "`live`", body = String, content_type = "text/plain; charset=utf-8"),
))]
pub(super) async fn live() -> Response {
    status_text(StatusCode::OK, "live")
}

/// Whether requests are welcome.
#[utoipa::path(get, path = "/readyz", tag = "self", responses(
    (status = 200, description = "`ready`", body = String, content_type = "text/plain; charset=utf-8"),
    (status = 503, description = "`starting` or `draining`", body = String, content_type = "text/plain; charset=utf-8"),
))]
pub(super) async fn ready(State(app): State<Arc<App>>) -> Response {
    match app.health.state() {
        health::State::Starting => status_text(StatusCode::SERVICE_UNAVAILABLE, "starting"),
        health::State::Ready => status_text(StatusCode::OK, "ready"),
        health::State::Draining | health::State::Cutting => status_text(StatusCode::SERVICE_UNAVAILABLE, "draining"),
    }
}

/// While the relay drains, each answer ends its HTTP/1 connection, so that clients ask for their next one elsewhere. An
/// HTTP/2 connection is status_text to end by itself, without losing what is on its way.
pub(super) async fn send_elsewhere(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let version = request.version();
    let mut response = next.run(request).await;
    if version < Version::HTTP_2 && app.health.state() >= health::State::Draining {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn status_text(status: StatusCode, state: &'static str) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, state).into_response()
}
