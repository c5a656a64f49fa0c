//! Parts of the OpenAPI description that several endpoints share.

use std::collections::BTreeMap;

use utoipa::openapi::response::{Response as Described, ResponseBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Ref, Type};
use utoipa::openapi::{Content, HeaderBuilder, OpenApi as Api, RefOr};
use utoipa::{IntoResponses, OpenApi, ToSchema};

use super::layers::protocol_errors::Failure;
use crate::problem::{ProblemDetails, ProblemKind};

/// The parts of the description that belong to no single path.
#[derive(OpenApi)]
#[openapi(
    info(title = "Mango Scout relay", description = "Names the pest or disease on photos of mango leaves."),
    components(schemas(ProblemDetails, Failure)),
    tags(
        (name = "tutorial", description = "as the tutorial's server had them"),
        (name = "phones", description = "for the mini-program and the page"),
        (name = "v2", description = "Open Inference Protocol"),
        (name = "self", description = "about the relay"),
    )
)]
struct Frame;

/// The description without endpoints.
pub(crate) fn frame() -> Api {
    Frame::openapi()
}

/// The query parameter `explain`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(crate) enum Explain {
    /// No heat map.
    #[schema(rename = "0")]
    No,
    /// With a heat map.
    #[schema(rename = "1")]
    Yes,
}

/// Defines the responses that several endpoints describe: `problems` or, under `/v2`, `failures`.
macro_rules! responses {
    ($($(#[$documentation:meta])* $name:ident: $describe:ident($($kind:ident),+ $(,)?);)+) => {$(
        $(#[$documentation])*
        pub(crate) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Described>> {
                $describe(&[$(ProblemKind::$kind),+])
            }
        }
    )+};
}

responses! {
    /// The problems of photos in a multipart form.
    UploadProblems: problems(
        BadMultipart, BadQuery, NoPicture, TooManyPhotos, BodyTooLarge, EncodedBody, NotMultipart, NotAPhoto, PhotoCutOff,
        PhotoDamaged, PhotoEmpty, PhotoTooLarge, PredictionFailed, Internal, Overloaded, Stopping,
    );
    /// The problem of a relay that keeps no feedback.
    FeedbackOff: problems(FeedbackOff);
    /// The problems of feedback.
    FeedbackProblems: problems(
        BadFeedback, BadMultipart, NoPicture, BodyTooLarge, EncodedBody, NotMultipart, NotAPhoto, PhotoCutOff,
        PhotoDamaged, PhotoEmpty, PhotoTooLarge, FeedbackFull, FeedbackOff, Internal, OtherOrigin, Overloaded, Stopping,
    );
    /// The problems of deleting feedback.
    DeletionProblems: problems(FeedbackOff, Internal, OtherOrigin, Overloaded, Stopping, UnknownCode);
    /// The problems of the files of the model for phones.
    FileProblems: problems(ModelReplaced, UnknownPath);
    /// The problems of a model under `/v2`.
    ModelFailures: failures(UnknownModel);
    /// The problems of photos sent as tensors.
    InferFailures: failures(
        BadTensor, BodyTooLarge, EncodedBody, TooManyPhotos, UnknownModel, NotAPhoto, PhotoCutOff, PhotoDamaged,
        PhotoEmpty, PhotoTooLarge, PredictionFailed, Internal, Overloaded, Stopping,
    );
}

/// Problem responses of the endpoints outside `/v2`.
pub(crate) fn problems(kinds: &[ProblemKind]) -> BTreeMap<String, RefOr<Described>> {
    described::<ProblemDetails<'_>>("application/problem+json", kinds)
}

/// Problem responses of the endpoints under `/v2`.
pub(crate) fn failures(kinds: &[ProblemKind]) -> BTreeMap<String, RefOr<Described>> {
    described::<Failure>("application/json", kinds)
}

/// Responses for these types of problem, by status.
fn described<T: ToSchema>(content_type: &str, kinds: &[ProblemKind]) -> BTreeMap<String, RefOr<Described>> {
    let mut titles: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
    for kind in kinds {
        titles.entry(kind.status().as_u16()).or_default().push(kind.title());
    }
    let response = |(status, titles): (u16, Vec<&str>)| {
        let content = Content::new(Some(RefOr::<utoipa::openapi::Schema>::Ref(Ref::from_schema_name(T::name()))));
        let mut response = ResponseBuilder::new().description(titles.join("; ")).content(content_type, content);
        if [ProblemKind::Overloaded, ProblemKind::RateLimited].iter().any(|kind| kind.status().as_u16() == status) {
            let seconds = ObjectBuilder::new().schema_type(Type::Integer);
            let header = HeaderBuilder::new().schema(seconds).description(Some("seconds")).build();
            response = response.header("Retry-After", header);
        }
        (status.to_string(), RefOr::T(response.build()))
    };
    titles.into_iter().map(response).collect()
}
