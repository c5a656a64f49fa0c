//! Cacheable documents with an ETag. A client that has the content already gets 304 (RFC 9110, section 13.1.2).

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use mango_inference::sha256;

/// Hexadecimal digits of a sha256 in a version.
const VERSION: usize = 16;

/// A document that does not change while the relay runs.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    kind: &'static str,
    bytes: Bytes,
    sha256: String,
}

/// How long clients may use a cached copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Clients revalidate each time.
    AskAgain,
    /// Clients need not revalidate: the URL contains the version.
    ForEver,
}

impl Document {
    /// A document of the media type `kind`.
    pub(crate) fn new(kind: &'static str, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let sha256 = sha256(&bytes);
        Self { kind, bytes, sha256 }
    }

    /// Its length, bytes.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Its sha256, lower-case hexadecimal.
    pub(crate) fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The version of the content: a prefix of its sha256.
    pub(crate) fn version(&self) -> &str {
        self.sha256.get(..VERSION).unwrap_or(&self.sha256)
    }

    /// Status 200 with the bytes, or 304 if the client has them.
    pub(crate) fn answer(&self, request: &HeaderMap, keep: Keep) -> Response {
        let tag = format!("\"{}\"", self.version());
        let keep = match keep {
            Keep::AskAgain => "no-cache",
            Keep::ForEver => "public, max-age=31536000, immutable",
        };
        let known = is_known(request, &tag);
        let headers = [(header::ETAG, tag), (header::CACHE_CONTROL, keep.to_owned())];
        if known {
            // Without this header an HTTP/2 response would declare a length of 0.
            let length = [(header::CONTENT_LENGTH, self.bytes.len())];
            return (StatusCode::NOT_MODIFIED, headers, length).into_response();
        }
        (headers, [(header::CONTENT_TYPE, self.kind)], self.bytes.clone()).into_response()
    }
}

/// Whether `If-None-Match` lists the tag. The comparison is weak, since compressing proxies weaken the tag.
fn is_known(request: &HeaderMap, tag: &str) -> bool {
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn status(if_none_match: &str) -> StatusCode {
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, HeaderValue::from_str(if_none_match).unwrap());
        Document::new("text/plain", "leaf").answer(&headers, Keep::AskAgain).status()
    }

    #[test]
    fn a_client_that_has_the_bytes_gets_304() {
        let tag = format!("\"{}\"", &sha256(b"leaf")[..16]);
        for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
            assert_eq!(status(&known), StatusCode::NOT_MODIFIED, "{known}");
        }
        for other in ["", "\"other\"", tag.trim_matches('"'), &tag[..9]] {
            assert_eq!(status(other), StatusCode::OK, "{other}");
        }
    }
}
