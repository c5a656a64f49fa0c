//! `GET /livez` and `GET /readyz`, for service managers and load balancers.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::monitoring::health::{self, Health};

/// The endpoints.
pub(super) fn routes<S>(health: &Health) -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(live)).routes(routes!(ready)).with_state(health.clone())
}

/// Liveness: always `live` while the relay runs.
#[utoipa::path(get, path = "/livez", tag = "self", responses(
    (status = 200, description = "`live`", body = String, content_type = "text/plain; charset=utf-8"),
))]
async fn live() -> Response {
    status_text(StatusCode::OK, "live")
}

/// Readiness: whether the relay accepts requests.
#[utoipa::path(get, path = "/readyz", tag = "self", responses(
    (status = 200, description = "`ready`", body = String, content_type = "text/plain; charset=utf-8"),
    (status = 503, description = "`starting` or `draining`", body = String, content_type = "text/plain; charset=utf-8"),
))]
async fn ready(State(health): State<Health>) -> Response {
    match health.state() {
        health::State::Starting => status_text(StatusCode::SERVICE_UNAVAILABLE, "starting"),
        health::State::Ready => status_text(StatusCode::OK, "ready"),
        health::State::Draining | health::State::Cutting => status_text(StatusCode::SERVICE_UNAVAILABLE, "draining"),
    }
}

fn status_text(status: StatusCode, state: &'static str) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, state).into_response()
}
