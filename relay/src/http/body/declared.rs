//! What the headers of a request declare about its body.

use axum::http::{HeaderMap, header};

use crate::problem::{Problem, ProblemKind};

/// Checks that a body is not compressed and not declared longer than `limit` bytes. Bodies are never decompressed: a
/// compressed kilobyte may expand to a gigabyte.
///
/// # Errors
/// [`ProblemKind::EncodedBody`] and [`ProblemKind::BodyTooLarge`].
pub(super) fn check(headers: &HeaderMap, limit: usize) -> Result<(), Problem> {
    let mut encodings = headers.get_all(header::CONTENT_ENCODING).iter();
    if !encodings.all(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(Problem::new(ProblemKind::EncodedBody, "send the body as it is, without Content-Encoding"));
    }
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > limit as u64) { Err(Problem::body_too_large(limit)) } else { Ok(()) }
}
