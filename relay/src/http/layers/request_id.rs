//! Request ids, by which a client's report is found in the log.

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::{HeaderMap, HeaderValue};

use crate::http::message::headers::REQUEST_ID;

/// Longest id that a client may give.
const MAX_LENGTH: usize = 64;

/// The id of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestId(HeaderValue);

impl RequestId {
    /// The id given by the client or a proxy if it is plain, else a new one.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        headers
            .get(REQUEST_ID)
            .filter(|given| is_plain(given.as_bytes()))
            .map_or_else(Self::new, |given| Self(given.clone()))
    }

    /// A unique id: one part for the process, and a counter.
    fn new() -> Self {
        static PROCESS: OnceLock<u64> = OnceLock::new();
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        // The standard library offers randomness only as a hasher's key.
        let process = PROCESS.get_or_init(|| RandomState::new().build_hasher().finish());
        let name = format!("{process:016x}-{:x}", NUMBER.fetch_add(1, Ordering::Relaxed));
        // Cannot fail: hexadecimal digits are a valid header value.
        Self(HeaderValue::try_from(name).unwrap_or_else(|_| HeaderValue::from_static("none")))
    }

    /// The header value for the response.
    pub(crate) fn into_header(self) -> HeaderValue {
        self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.to_str().unwrap_or_default())
    }
}

/// Whether an id can be logged as it is.
fn is_plain(name: &[u8]) -> bool {
    (1..=MAX_LENGTH).contains(&name.len())
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(given: &'static str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(REQUEST_ID, HeaderValue::from_static(given));
        RequestId::of(&headers).to_string()
    }

    #[test]
    fn a_plain_id_is_kept_and_any_other_is_replaced() {
        for name in ["a", "7f3c-11.b_Z", "0123456789012345678901234567890123456789012345678901234567890123"] {
            assert_eq!(of(name), name);
        }
        let longer = "01234567890123456789012345678901234567890123456789012345678901234";
        for name in ["", "a b", "a\"b", "id=1", "a,b", longer] {
            assert_ne!(of(name), name);
        }
        let made = RequestId::of(&HeaderMap::new());
        assert!(is_plain(made.to_string().as_bytes()), "{made}");
        assert_ne!(made, RequestId::of(&HeaderMap::new()));
    }
}
