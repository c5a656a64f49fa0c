//! Cross-origin requests: scripts of pages that another server sent, such as the H5 build of a mini-program, may ask this
//! relay where the operator allows their origin (Fetch, "CORS protocol"). Browsers refuse them everywhere else.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, CorsLayer, ExposeHeaders};

use super::request_id;
use super::v2::HEADER_LENGTH;
use crate::settings::AllowedOrigin;

/// How long browsers may keep the answer to a preflight. Chromium takes no longer time.
const MAX_AGE: Duration = Duration::from_secs(7200);

/// Headers of answers that scripts may read, beside those that they always may.
const EXPOSED: [HeaderName; 4] = [header::ETAG, header::RETRY_AFTER, request_id::HEADER, HEADER_LENGTH];

/// What answers preflights and marks all other answers; nothing where no origin is allowed.
pub(super) fn layer(origins: &[AllowedOrigin]) -> Option<CorsLayer> {
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
        .allow_methods(AllowMethods::list([Method::GET, Method::HEAD, Method::POST]))
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(ExposeHeaders::list(EXPOSED))
        .max_age(MAX_AGE);
    Some(layer)
}
