//! Errors of requests and photos, as problem details (RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use mango_inference::PhotoError;
use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

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

/// The types of problem. Their URIs are part of the protocol and never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// A field of the feedback has an invalid value.
    BadFeedback,
    /// The body is not well-formed multipart.
    BadMultipart,
    /// A query parameter has an invalid value.
    BadQuery,
    /// An inference request of the Open Inference Protocol is invalid.
    BadTensor,
    /// The body is larger than the limit.
    BodyTooLarge,
    /// The body is compressed.
    EncodedBody,
    /// There is no room for more feedback.
    FeedbackFull,
    /// The relay keeps no feedback.
    FeedbackOff,
    /// The relay is at fault.
    Internal,
    /// The path exists, but not with this method.
    MethodNotAllowed,
    /// The requested file of the model for phones belongs to another version.
    ModelReplaced,
    /// No part has the name of a photo part.
    NoPicture,
    /// The request's content type is not `multipart/form-data`.
    NotMultipart,
    /// The bytes are neither JPEG, PNG nor WebP.
    NotAPhoto,
    /// Every worker and every slot is taken.
    Overloaded,
    /// The photo's data are incomplete.
    PhotoCutOff,
    /// The decoder refused the photo.
    PhotoDamaged,
    /// The photo has no bytes.
    PhotoEmpty,
    /// The photo has more pixels than the limit.
    PhotoTooLarge,
    /// A file cannot be read; on the command line only.
    PhotoUnreadable,
    /// The model failed; the client is not at fault.
    PredictionFailed,
    /// The client exceeded its rate limit.
    RateLimited,
    /// The relay is shutting down and cut the request.
    Stopping,
    /// A timeout of the request passed.
    TimedOut,
    /// The request has more photos than allowed.
    TooManyPhotos,
    /// No feedback has this deletion code.
    UnknownCode,
    /// The relay does not have the requested model.
    UnknownModel,
    /// The path does not exist.
    UnknownPath,
}

impl ProblemKind {
    /// The stable URI of this type.
    #[must_use]
    pub fn type_uri(self) -> &'static str {
        match self {
            Self::BadFeedback => "urn:mango-scout:problem:bad-feedback",
            Self::BadMultipart => "urn:mango-scout:problem:bad-multipart",
            Self::BadQuery => "urn:mango-scout:problem:bad-query",
            Self::BadTensor => "urn:mango-scout:problem:bad-tensor",
            Self::BodyTooLarge => "urn:mango-scout:problem:body-too-large",
            Self::EncodedBody => "urn:mango-scout:problem:encoded-body",
            Self::FeedbackFull => "urn:mango-scout:problem:feedback-full",
            Self::FeedbackOff => "urn:mango-scout:problem:feedback-off",
            Self::Internal => "urn:mango-scout:problem:internal",
            Self::MethodNotAllowed => "urn:mango-scout:problem:method-not-allowed",
            Self::ModelReplaced => "urn:mango-scout:problem:model-replaced",
            Self::NoPicture => "urn:mango-scout:problem:no-picture",
            Self::NotMultipart => "urn:mango-scout:problem:not-multipart",
            Self::NotAPhoto => "urn:mango-scout:problem:not-a-photo",
            Self::Overloaded => "urn:mango-scout:problem:overloaded",
            Self::PhotoCutOff => "urn:mango-scout:problem:photo-cut-off",
            Self::PhotoDamaged => "urn:mango-scout:problem:photo-damaged",
            Self::PhotoEmpty => "urn:mango-scout:problem:photo-empty",
            Self::PhotoTooLarge => "urn:mango-scout:problem:photo-too-large",
            Self::PhotoUnreadable => "urn:mango-scout:problem:photo-unreadable",
            Self::PredictionFailed => "urn:mango-scout:problem:prediction-failed",
            Self::RateLimited => "urn:mango-scout:problem:rate-limited",
            Self::Stopping => "urn:mango-scout:problem:stopping",
            Self::TimedOut => "urn:mango-scout:problem:timed-out",
            Self::TooManyPhotos => "urn:mango-scout:problem:too-many-photos",
            Self::UnknownCode => "urn:mango-scout:problem:unknown-code",
            Self::UnknownModel => "urn:mango-scout:problem:unknown-model",
            Self::UnknownPath => "urn:mango-scout:problem:unknown-path",
        }
    }

    /// A short title of the type.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::BadFeedback => "The feedback is not understood",
            Self::BadMultipart => "The upload is not well-formed",
            Self::BadQuery => "The query is not understood",
            Self::BadTensor => "The inference request is not understood",
            Self::BodyTooLarge => "The upload is too large",
            Self::EncodedBody => "The upload is compressed",
            Self::FeedbackFull => "No room for more feedback",
            Self::FeedbackOff => "No feedback is kept",
            Self::Internal => "A fault of the relay",
            Self::MethodNotAllowed => "Wrong method",
            Self::ModelReplaced => "The model for phones was replaced",
            Self::NoPicture => "The upload has no picture",
            Self::NotMultipart => "The upload is not multipart/form-data",
            Self::NotAPhoto => "Not a photo",
            Self::Overloaded => "Too many photos at once",
            Self::PhotoCutOff => "The photo is cut off",
            Self::PhotoDamaged => "The photo is damaged",
            Self::PhotoEmpty => "The photo is empty",
            Self::PhotoTooLarge => "The photo has too many pixels",
            Self::PhotoUnreadable => "The photo cannot be read",
            Self::PredictionFailed => "The prediction failed",
            Self::RateLimited => "Too many requests",
            Self::Stopping => "The relay stops",
            Self::TimedOut => "The request took too long",
            Self::TooManyPhotos => "Too many photos in one request",
            Self::UnknownCode => "Unknown deletion code",
            Self::UnknownModel => "Unknown model",
            Self::UnknownPath => "Unknown path",
        }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::BadFeedback
            | Self::BadMultipart
            | Self::BadQuery
            | Self::BadTensor
            | Self::NoPicture
            | Self::TooManyPhotos => StatusCode::BAD_REQUEST,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::EncodedBody | Self::NotAPhoto | Self::NotMultipart => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Overloaded | Self::Stopping => StatusCode::SERVICE_UNAVAILABLE,
            Self::PhotoCutOff | Self::PhotoDamaged | Self::PhotoEmpty | Self::PhotoTooLarge | Self::PhotoUnreadable => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Internal | Self::PredictionFailed => StatusCode::INTERNAL_SERVER_ERROR,
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::TimedOut => StatusCode::REQUEST_TIMEOUT,
            Self::FeedbackFull => StatusCode::INSUFFICIENT_STORAGE,
            Self::FeedbackOff | Self::ModelReplaced | Self::UnknownCode | Self::UnknownModel | Self::UnknownPath => {
                StatusCode::NOT_FOUND
            }
        }
    }
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

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Problem", 4 + usize::from(self.photo.is_some()))?;
        fields.serialize_field("type", self.kind.type_uri())?;
        fields.serialize_field("title", self.kind.title())?;
        fields.serialize_field("status", &self.kind.status().as_u16())?;
        fields.serialize_field("detail", &self.detail)?;
        if let Some(photo) = self.photo {
            fields.serialize_field("photo", &photo)?;
        }
        fields.end()
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
