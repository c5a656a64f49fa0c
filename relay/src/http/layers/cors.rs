//! Cross-origin requests: scripts of pages from another server, such as the H5 build of a mini-program, may call this
//! relay if the operator allows their origin (Fetch, "CORS protocol"). Browsers block all others.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, CorsLayer, ExposeHeaders};

use crate::http::message::headers::{INFERENCE_HEADER_LENGTH, REQUEST_ID};
use crate::settings::AllowedOrigin;

/// How long browsers may cache a preflight response. Chromium allows no longer time.
const MAX_AGE: Duration = Duration::from_secs(7200);

/// Response headers that scripts may read, in addition to the standard ones.
const EXPOSED: [HeaderName; 4] = [header::ETAG, header::RETRY_AFTER, REQUEST_ID, INFERENCE_HEADER_LENGTH];

/// The CORS layer; none if no origin is allowed.
pub(crate) fn layer(origins: &[AllowedOrigin]) -> Option<CorsLayer> {
    if origins.is_empty() {
        return None;
    }
    let allowed = if origins.iter().any(AllowedOrigin::is_any) {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(origins.iter().filter_map(|origin| HeaderValue::from_str(origin.as_str()).ok()))
    };
    let layer = CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods(AllowMethods::list([Method::GET, Method::HEAD, Method::POST, Method::DELETE]))
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(ExposeHeaders::list(EXPOSED))
        .max_age(MAX_AGE);
    Some(layer)
}
