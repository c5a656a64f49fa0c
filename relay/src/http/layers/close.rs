//! Closes connections while the relay shuts down.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, Version, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::monitoring::health::{self, Health};

/// While the relay drains, each response closes its HTTP/1 connection, so that clients open the next one at another
/// relay. The server itself ends HTTP/2 connections with GOAWAY, without losing open requests.
pub(crate) async fn while_draining(State(health): State<Health>, request: Request, next: Next) -> Response {
    let version = request.version();
    let mut response = next.run(request).await;
    if version < Version::HTTP_2 && health.state() >= health::State::Draining {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
