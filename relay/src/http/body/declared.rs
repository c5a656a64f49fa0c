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
    if length(headers).is_some_and(|length| length > limit as u64) {
        Err(Problem::body_too_large(limit))
    } else {
        Ok(())
    }
}

/// The Content-Length of a request, bytes.
fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn the_declared_length_is_optional() {
        let of = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static(value));
            length(&headers)
        };
        assert_eq!(of("123"), Some(123));
        assert_eq!(of("many"), None);
        assert_eq!(length(&HeaderMap::new()), None);
    }
}
