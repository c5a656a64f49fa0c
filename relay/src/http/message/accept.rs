//! Content negotiation (RFC 9110, section 12.5.1).

use axum::http::{HeaderMap, header};

/// The formats of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The whole prediction, `application/json`.
    Json,
    /// Only the first class's id, `text/plain`.
    Text,
}

impl Form {
    /// The format that `Accept` prefers: JSON unless `text/plain` has a higher quality, or an equal one and is more
    /// specific.
    pub(crate) fn preferred(headers: &HeaderMap) -> Self {
        let ranges = ranges(headers);
        if preference(&ranges, "text", "plain") > preference(&ranges, "application", "json") {
            Self::Text
        } else {
            Self::Json
        }
    }
}

/// Whether the client prefers HTML to plain text, as browsers do and programs do not.
pub(crate) fn prefers_page(headers: &HeaderMap) -> bool {
    let ranges = ranges(headers);
    preference(&ranges, "text", "html") > preference(&ranges, "text", "plain")
}

fn ranges(headers: &HeaderMap) -> Vec<Range<'_>> {
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).filter_map(Range::parse).collect()
}

/// One media range of an `Accept` header.
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    /// 0 to 1000.
    quality: u16,
}

impl<'a> Range<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let quality = parts
            .filter_map(|parameter| parameter.split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("q"))
            .map_or(Some(1.0), |(_, value)| value.trim().parse::<f32>().ok())?;
        Some(Self { kind, subtype, quality: (quality.clamp(0.0, 1.0) * 1000.0) as u16 })
    }

    /// How specific the match of a type is; none if the range does not match.
    fn exactness(&self, kind: &str, subtype: &str) -> Option<u8> {
        match (self.kind, self.subtype) {
            ("*", "*") => Some(0),
            (k, "*") if k.eq_ignore_ascii_case(kind) => Some(1),
            (k, s) if k.eq_ignore_ascii_case(kind) && s.eq_ignore_ascii_case(subtype) => Some(2),
            _ => None,
        }
    }
}

/// Quality and specificity of the most specific matching range.
fn preference(ranges: &[Range<'_>], kind: &str, subtype: &str) -> (u16, u8) {
    ranges
        .iter()
        .filter_map(|range| Some((range.exactness(kind, subtype)?, range.quality)))
        .max()
        .map_or((0, 0), |(exactness, quality)| if quality == 0 { (0, 0) } else { (quality, exactness) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn preferred(accept: &'static str) -> Form {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        Form::preferred(&headers)
    }

    #[test]
    fn text_is_sent_if_it_is_preferred() {
        for accept in ["text/plain", "TEXT/PLAIN;charset=utf-8", "text/*", "text/plain, */*", "*/*;q=0.5, text/plain"] {
            assert_eq!(preferred(accept), Form::Text, "{accept}");
        }
    }

    #[test]
    fn only_a_client_that_names_html_gets_the_page() {
        let page = |accept: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            prefers_page(&headers)
        };
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";
        for accept in [browser, "text/html", "text/html;q=0.5, */*;q=0.4", "*/*, text/html"] {
            assert!(page(accept), "{accept}");
        }
        let axios = "application/json, text/plain, */*";
        for accept in ["", "*/*", axios, "text/*", "text/html;q=0", "text/html, text/plain", "application/xhtml+xml"] {
            assert!(!page(accept), "{accept}");
        }
    }

    #[test]
    fn json_is_the_default() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        let axios = "application/json, text/plain, */*";
        for accept in ["", "*/*", browser, axios, "image/png", "text/plain;q=0", "text/plain;q=0.1, */*", "text;", "/"]
        {
            assert_eq!(preferred(accept), Form::Json, "{accept}");
        }
        assert_eq!(Form::preferred(&HeaderMap::new()), Form::Json);
    }
}
