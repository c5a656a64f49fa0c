//! `GET /`: an HTML page for browsers, and the tutorial's `hello` for all other clients.

mod content;

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::message::accept;
use crate::http::message::document::{Document, Keep};
use crate::settings::Limits;

/// The endpoint.
pub(super) fn routes<S>(limits: Limits) -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(home)).with_state(Arc::new(Page::new(limits)))
}

/// The page and its Content-Security-Policy.
#[derive(Debug)]
struct Page {
    document: Document,
    policy: HeaderValue,
}

impl Page {
    /// Builds the page. It loads nothing from elsewhere, and the policy allows only the script and style hashed here.
    fn new(limits: Limits) -> Self {
        let (style, script) = (content::style(), content::script());
        let policy = format!(
            "default-src 'none'; script-src '{}'; style-src '{}'; img-src blob: data:; connect-src 'self'; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
            hash(&script),
            hash(&style),
        );
        let html = content::FRAME
            .replace("{{photos}}", &limits.photos.to_string())
            .replace("{{photo}}", &size(limits.photo))
            .replace("{{body}}", &size(limits.request_size))
            .replace("{{pixels_zh}}", &(limits.pixels / 10_000).to_string())
            .replace("{{pixels_en}}", &scaled(limits.pixels, ["pixels", "thousand pixels", "megapixels"]))
            .replace("{{style}}", &style)
            .replace("{{script}}", &script);
        Self {
            document: Document::new("text/html; charset=utf-8", html),
            // Cannot fail: base64 and the text above are visible ASCII.
            policy: HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'")),
        }
    }

    fn answer(&self, request: &HeaderMap) -> Response {
        let mut response = self.document.answer(request, Keep::AskAgain);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, self.policy.clone());
        for (name, value) in [
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (header::REFERRER_POLICY, "no-referrer"),
            (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

/// A number with a fitting unit, rounded down so that it does not exceed the limit.
fn scaled(number: u64, [one, thousand, million]: [&str; 3]) -> String {
    match (number / 1_000_000, number % 1_000_000 / 100_000) {
        (0, _) if number < 1000 => format!("{number} {one}"),
        (0, _) => format!("{} {thousand}", number / 1000),
        (millions, 0) => format!("{millions} {million}"),
        (millions, tenths) => format!("{millions}.{tenths} {million}"),
    }
}

fn size(bytes: usize) -> String {
    scaled(bytes as u64, ["B", "kB", "MB"])
}

/// The hash source of a text in a Content-Security-Policy.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

/// A page for people where `Accept` prefers `text/html`, else `hello`.
#[utoipa::path(get, path = "/", tag = "tutorial", responses(
    (status = 200, description = "`hello`, or the page for browsers", content(
        (String = "text/plain; charset=utf-8"), (String = "text/html; charset=utf-8"),
    )),
    (status = 304, description = "the browser has the page already"),
))]
async fn home(State(page): State<Arc<Page>>, headers: HeaderMap) -> Response {
    let mut response = if accept::prefers_page(&headers) { page.answer(&headers) } else { "hello".into_response() };
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displayed_limits_are_rounded_down() {
        for (bytes, shown) in [(8 << 20, "8.3 MB"), (24_000_000, "24 MB"), (999_999, "999 kB"), (20, "20 B")] {
            assert_eq!(size(bytes), shown);
        }
    }
}
