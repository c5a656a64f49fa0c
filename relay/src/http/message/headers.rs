//! Headers of this service.

use axum::http::HeaderName;

/// The id of a request, in requests and responses.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The length of the JSON before the binary data of a request or response under `/v2`.
pub(crate) const INFERENCE_HEADER_LENGTH: HeaderName = HeaderName::from_static("inference-header-content-length");
