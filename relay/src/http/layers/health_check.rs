//! Health checks, which are not rate-limited and are logged as details.

use axum::extract::Request;
use axum::http::Method;

/// The path of the liveness check.
pub(crate) const LIVE: &str = "/livez";

/// The path of the readiness check.
pub(crate) const READY: &str = "/readyz";

/// Whether a request is one of the two checks. Other methods on their paths are not.
pub(super) fn is_asked(request: &Request) -> bool {
    [LIVE, READY].contains(&request.uri().path()) && [Method::GET, Method::HEAD].contains(request.method())
}
