//! The types of problem.

use axum::http::StatusCode;

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
    /// A page of another server sent the request, and its origin is not allowed.
    OtherOrigin,
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
            Self::OtherOrigin => "urn:mango-scout:problem:other-origin",
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
            Self::OtherOrigin => "The page belongs to another server",
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
            Self::OtherOrigin => StatusCode::FORBIDDEN,
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::TimedOut => StatusCode::REQUEST_TIMEOUT,
            Self::FeedbackFull => StatusCode::INSUFFICIENT_STORAGE,
            Self::FeedbackOff | Self::ModelReplaced | Self::UnknownCode | Self::UnknownModel | Self::UnknownPath => {
                StatusCode::NOT_FOUND
            }
        }
    }
}
