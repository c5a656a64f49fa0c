//! The origin of the page that sent a request.

use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri, header};

use crate::settings::AllowedOrigin;

/// Whether a page of another server sent the request, and its origin is not allowed. Browsers send a form to any server
/// without asking it (Fetch, "CORS-safelisted" requests). Programs send no origin.
pub(crate) fn is_foreign(headers: &HeaderMap, uri: &Uri, allowed: &[AllowedOrigin]) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return false };
    let Ok(origin) = origin.to_str() else { return true };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let own = uri.authority().map(Authority::as_str).or(host);
    let of_page = origin.split_once("://").map(|(_, host)| host);
    let is_own = own.zip(of_page).is_some_and(|(own, page)| own.eq_ignore_ascii_case(page));
    let is_allowed = allowed.iter().any(|allowed| allowed.is_any() || allowed.as_str().eq_ignore_ascii_case(origin));
    !is_own && !is_allowed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn foreign(origin: Option<&str>, host: &str, allowed: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        let allowed: Vec<AllowedOrigin> = allowed.iter().map(|origin| origin.parse().unwrap()).collect();
        is_foreign(&headers, &Uri::from_static("/v1/feedback"), &allowed)
    }

    #[test]
    fn only_pages_of_other_servers_that_are_not_allowed_are_foreign() {
        assert!(!foreign(None, "relay.example", &[]));
        assert!(!foreign(Some("https://relay.example"), "Relay.example", &[]));
        assert!(!foreign(Some("https://relay.example:8080"), "relay.example:8080", &[]));
        assert!(!foreign(Some("https://h5.example"), "relay.example", &["https://h5.example"]));
        assert!(!foreign(Some("null"), "relay.example", &["*"]));
        for origin in ["https://evil.example", "https://relay.example:8080", "https://relay.example.evil", "null"] {
            assert!(foreign(Some(origin), "relay.example", &["https://h5.example"]), "{origin}");
        }
    }
}
