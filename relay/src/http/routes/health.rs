//! `GET /livez` and `GET /readyz`, for service managers and load balancers.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::App;
use crate::health;

/// The path of the liveness check.
pub(super) const LIVE: &str = "/livez";
/// The path of the readiness check.
pub(super) const READY: &str = "/readyz";

/// Whether a request is one of the two checks. Other methods on their paths are not.
pub(super) fn is_asked(request: &Request) -> bool {
    [LIVE, READY].contains(&request.uri().path()) && [Method::GET, Method::HEAD].contains(request.method())
}

/// Liveness: always `live` while the relay runs.
#[utoipa::path(get, path = "/livez", tag = "self", responses(
    (status = 200, description = "`live`", body = String, content_type = "text/plain; charset=utf-8"),
))]
pub(super) async fn live() -> Response {
    status_text(StatusCode::OK, "live")
}

/// Readiness: whether the relay accepts requests.
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

/// While the relay drains, each response closes its HTTP/1 connection, so that clients open the next one at another
/// relay. The server itself ends HTTP/2 connections with GOAWAY, without losing open requests.
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
