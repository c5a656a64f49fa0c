//! The types of problem.

use axum::http::StatusCode;

/// The URI of a type.
macro_rules! uri {
    ($name:literal) => {
        concat!("urn:mango-scout:problem:", $name)
    };
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
        self.texts().0
    }

    /// A short title of the type.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.texts().1
    }

    /// URI and title.
    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::BadFeedback => (uri!("bad-feedback"), "The feedback is not understood"),
            Self::BadMultipart => (uri!("bad-multipart"), "The upload is not well-formed"),
            Self::BadQuery => (uri!("bad-query"), "The query is not understood"),
            Self::BadTensor => (uri!("bad-tensor"), "The inference request is not understood"),
            Self::BodyTooLarge => (uri!("body-too-large"), "The upload is too large"),
            Self::EncodedBody => (uri!("encoded-body"), "The upload is compressed"),
            Self::FeedbackFull => (uri!("feedback-full"), "No room for more feedback"),
            Self::FeedbackOff => (uri!("feedback-off"), "No feedback is kept"),
            Self::Internal => (uri!("internal"), "A fault of the relay"),
            Self::MethodNotAllowed => (uri!("method-not-allowed"), "Wrong method"),
            Self::ModelReplaced => (uri!("model-replaced"), "The model for phones was replaced"),
            Self::NoPicture => (uri!("no-picture"), "The upload has no picture"),
            Self::NotMultipart => (uri!("not-multipart"), "The upload is not multipart/form-data"),
            Self::NotAPhoto => (uri!("not-a-photo"), "Not a photo"),
            Self::OtherOrigin => (uri!("other-origin"), "The page belongs to another server"),
            Self::Overloaded => (uri!("overloaded"), "Too many photos at once"),
            Self::PhotoCutOff => (uri!("photo-cut-off"), "The photo is cut off"),
            Self::PhotoDamaged => (uri!("photo-damaged"), "The photo is damaged"),
            Self::PhotoEmpty => (uri!("photo-empty"), "The photo is empty"),
            Self::PhotoTooLarge => (uri!("photo-too-large"), "The photo has too many pixels"),
            Self::PhotoUnreadable => (uri!("photo-unreadable"), "The photo cannot be read"),
            Self::PredictionFailed => (uri!("prediction-failed"), "The prediction failed"),
            Self::RateLimited => (uri!("rate-limited"), "Too many requests"),
            Self::Stopping => (uri!("stopping"), "The relay stops"),
            Self::TimedOut => (uri!("timed-out"), "The request took too long"),
            Self::TooManyPhotos => (uri!("too-many-photos"), "Too many photos in one request"),
            Self::UnknownCode => (uri!("unknown-code"), "Unknown deletion code"),
            Self::UnknownModel => (uri!("unknown-model"), "Unknown model"),
            Self::UnknownPath => (uri!("unknown-path"), "Unknown path"),
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
