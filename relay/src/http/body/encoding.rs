//! Bodies are never decompressed: a compressed kilobyte may expand to a gigabyte.

use axum::http::{HeaderMap, header};

use crate::problem::{Problem, ProblemKind};

/// Checks that a request's body is not compressed.
///
/// # Errors
/// [`ProblemKind::EncodedBody`] if it does.
pub(super) fn none(headers: &HeaderMap) -> Result<(), Problem> {
    let plain = |encoding: &[u8]| encoding.eq_ignore_ascii_case(b"identity");
    if headers.get_all(header::CONTENT_ENCODING).iter().all(|encoding| plain(encoding.as_bytes())) {
        return Ok(());
    }
    Err(Problem::new(ProblemKind::EncodedBody, "send the body as it is, without Content-Encoding"))
}
