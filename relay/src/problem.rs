//! Errors of requests and photos, as problem details (RFC 9457).

mod kind;

pub use kind::ProblemKind;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use mango_inference::{PhotoError, PredictError};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

/// A problem: its type for programs, and a description of this case for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Problem {
    kind: ProblemKind,
    detail: String,
    /// The index of the photo with the problem, from 0, if there are several.
    photo: Option<usize>,
    /// Seconds after which a retry makes sense.
    retry_after: Option<u64>,
}

impl Problem {
    /// Seconds after which a client may retry after [`ProblemKind::Overloaded`] or [`ProblemKind::Stopping`].
    pub const RETRY_AFTER_SECONDS: u64 = 2;

    /// A problem of that type. The client sees `detail`, so it must not reveal internals of the machine.
    #[must_use]
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        let passes = matches!(kind, ProblemKind::Overloaded | ProblemKind::Stopping);
        let retry_after = passes.then_some(Self::RETRY_AFTER_SECONDS);
        Self { kind, detail: detail.into(), photo: None, retry_after }
    }

    /// The problem of a request without a free slot or memory.
    #[must_use]
    pub fn overloaded() -> Self {
        Self::new(ProblemKind::Overloaded, format!("try again in {} s", Self::RETRY_AFTER_SECONDS))
    }

    /// The problem of a body of more than `limit` bytes.
    #[must_use]
    pub fn body_too_large(limit: usize) -> Self {
        let detail = format!("at most {} are taken at once; send a smaller copy of the photo", size(limit));
        Self::new(ProblemKind::BodyTooLarge, detail)
    }

    /// The problem of a photo of more than `limit` bytes.
    #[must_use]
    pub fn photo_too_large(limit: usize) -> Self {
        Self::new(ProblemKind::BodyTooLarge, format!("a photo has at most {}; send a smaller copy of it", size(limit)))
    }

    /// Sets the seconds after which a retry makes sense.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// Sets the index of the photo with the problem.
    #[must_use]
    pub fn of_photo(self, index: usize) -> Self {
        Self { photo: Some(index), ..self }
    }

    /// The type.
    #[must_use]
    pub fn kind(&self) -> ProblemKind {
        self.kind
    }

    /// The index of the photo with the problem, if there are several.
    #[must_use]
    pub fn photo(&self) -> Option<usize> {
        self.photo
    }

    /// The description of this case.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

/// A size in MiB if it is a whole number of them, else in bytes.
fn size(bytes: usize) -> String {
    if bytes.is_multiple_of(1 << 20) { format!("{} MiB", bytes >> 20) } else { format!("{bytes} bytes") }
}

impl From<&PhotoError> for Problem {
    fn from(error: &PhotoError) -> Self {
        let kind = match error {
            PhotoError::Damaged(_) => ProblemKind::PhotoDamaged,
            PhotoError::Empty => ProblemKind::PhotoEmpty,
            PhotoError::TooLarge { .. } | PhotoError::TooMuchMemory { .. } => ProblemKind::PhotoTooLarge,
            PhotoError::Truncated => ProblemKind::PhotoCutOff,
            PhotoError::OtherFormat(_) | PhotoError::UnknownFormat | PhotoError::Unsupported(_) => {
                ProblemKind::NotAPhoto
            }
        };
        Self::new(kind, error.to_string())
    }
}

/// The problem of a failed prediction. The cause is logged and not in the message.
impl From<PredictError> for Problem {
    fn from(error: PredictError) -> Self {
        tracing::error!(%error, "a prediction failed");
        Self::new(ProblemKind::PredictionFailed, "the model could not answer this photo; try again later")
    }
}

/// Problem details (RFC 9457).
#[derive(Serialize, ToSchema)]
pub(crate) struct ProblemDetails<'a> {
    /// Identifies the type of problem and never changes; programs use it.
    #[schema(pattern = "^urn:mango-scout:problem:[a-z-]+$")]
    r#type: &'a str,
    /// A short title of the type.
    title: &'a str,
    /// The HTTP status.
    status: u16,
    /// A description of this case for people.
    detail: &'a str,
    /// The index of the photo with the problem, from 0, if there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    photo: Option<usize>,
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { kind, detail, photo, .. } = self;
        let (r#type, title, status) = (kind.type_uri(), kind.title(), kind.status().as_u16());
        ProblemDetails { r#type, title, status, detail, photo: *photo }.serialize(serializer)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        // Cannot fail: only strings and one number are serialised.
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json")),
            // Caches may store a 404 by default, and a phone would not see the next model.
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        let mut response = (self.kind.status(), headers, body).into_response();
        response.extensions_mut().insert(self.kind);
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_is_as_in_rfc_9457() {
        let problem = Problem::new(ProblemKind::NoPicture, "send one");
        let json = serde_json::to_value(&problem).unwrap();
        let expected = serde_json::json!({
            "type": "urn:mango-scout:problem:no-picture",
            "title": "The upload has no picture",
            "status": 400,
            "detail": "send one",
        });
        assert_eq!(json, expected);
    }

    #[test]
    fn the_faulty_one_of_several_photos_is_an_extension_member() {
        let problem = Problem::new(ProblemKind::PhotoEmpty, "no bytes").of_photo(2);
        assert_eq!(serde_json::to_value(&problem).unwrap()["photo"], 2);
    }

    #[test]
    fn temporary_problems_have_retry_after() {
        let header = |problem: Problem| problem.into_response().headers().get(header::RETRY_AFTER).cloned();
        assert_eq!(header(Problem::new(ProblemKind::Overloaded, "")).unwrap(), "2");
        assert_eq!(header(Problem::new(ProblemKind::Stopping, "")).unwrap(), "2");
        assert_eq!(header(Problem::new(ProblemKind::RateLimited, "").retry_after(17)).unwrap(), "17");
        assert_eq!(header(Problem::new(ProblemKind::NoPicture, "")), None);
    }
}
