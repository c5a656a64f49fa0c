//! Parts of the OpenAPI description that several endpoints share.

use std::collections::BTreeMap;

use utoipa::openapi::response::{Response as Described, ResponseBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Ref, Type};
use utoipa::openapi::{Content, HeaderBuilder, OpenApi as Api, RefOr};
use utoipa::{IntoResponses, OpenApi, ToSchema};

use super::layers::protocol_errors::Failure;
use crate::problem::ProblemKind;

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

/// Problem details (RFC 9457).
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what Problem serialises to")]
struct ProblemDetails {
    /// Identifies the type of problem and never changes; programs use it.
    #[schema(pattern = "^urn:mango-scout:problem:[a-z-]+$")]
    r#type: String,
    /// A short title of the type.
    title: String,
    /// The HTTP status.
    status: u16,
    /// A description of this case for people.
    detail: String,
    /// The index of the photo with the problem, from 0, if there are several.
    #[schema(nullable = false)]
    photo: Option<usize>,
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

/// The problems of photos in a multipart form.
pub(crate) struct UploadProblems;

impl IntoResponses for UploadProblems {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        use ProblemKind::{
            BadMultipart, BadQuery, BodyTooLarge, EncodedBody, Internal, NoPicture, NotAPhoto, NotMultipart,
            Overloaded, PhotoCutOff, PhotoDamaged, PhotoEmpty, PhotoTooLarge, PredictionFailed, Stopping,
            TooManyPhotos,
        };
        let form = [BadMultipart, BadQuery, NoPicture, TooManyPhotos, BodyTooLarge, EncodedBody, NotMultipart];
        let photo = [NotAPhoto, PhotoCutOff, PhotoDamaged, PhotoEmpty, PhotoTooLarge, PredictionFailed];
        problems(&[&form[..], &photo, &[Internal, Overloaded, Stopping]].concat())
    }
}

/// The problem of a relay that keeps no feedback.
pub(crate) struct FeedbackOff;

impl IntoResponses for FeedbackOff {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        problems(&[ProblemKind::FeedbackOff])
    }
}

/// The problems of feedback.
pub(crate) struct FeedbackProblems;

impl IntoResponses for FeedbackProblems {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        use ProblemKind::{
            BadFeedback, BadMultipart, BodyTooLarge, EncodedBody, FeedbackFull, FeedbackOff, Internal, NoPicture,
            NotAPhoto, NotMultipart, OtherOrigin, Overloaded, PhotoCutOff, PhotoDamaged, PhotoEmpty, PhotoTooLarge,
            Stopping,
        };
        let form = [BadFeedback, BadMultipart, NoPicture, BodyTooLarge, EncodedBody, NotMultipart];
        let photo = [NotAPhoto, PhotoCutOff, PhotoDamaged, PhotoEmpty, PhotoTooLarge];
        problems(
            &[&form[..], &photo, &[FeedbackFull, FeedbackOff, Internal, OtherOrigin, Overloaded, Stopping]].concat(),
        )
    }
}

/// The problems of deleting feedback.
pub(crate) struct DeletionProblems;

impl IntoResponses for DeletionProblems {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        use ProblemKind::{FeedbackOff, Internal, OtherOrigin, Overloaded, Stopping, UnknownCode};
        problems(&[FeedbackOff, Internal, OtherOrigin, Overloaded, Stopping, UnknownCode])
    }
}

/// The problems of the files of the model for phones.
pub(crate) struct FileProblems;

impl IntoResponses for FileProblems {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        problems(&[ProblemKind::ModelReplaced, ProblemKind::UnknownPath])
    }
}

/// The problems of a model under `/v2`.
pub(crate) struct ModelFailures;

impl IntoResponses for ModelFailures {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        failures(&[ProblemKind::UnknownModel])
    }
}

/// The problems of photos sent as tensors.
pub(crate) struct InferFailures;

impl IntoResponses for InferFailures {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        use ProblemKind::{
            BadTensor, BodyTooLarge, EncodedBody, Internal, NotAPhoto, Overloaded, PhotoCutOff, PhotoDamaged,
            PhotoEmpty, PhotoTooLarge, PredictionFailed, Stopping, TooManyPhotos, UnknownModel,
        };
        let request = [BadTensor, BodyTooLarge, EncodedBody, TooManyPhotos, UnknownModel];
        let photo = [NotAPhoto, PhotoCutOff, PhotoDamaged, PhotoEmpty, PhotoTooLarge, PredictionFailed];
        failures(&[&request[..], &photo, &[Internal, Overloaded, Stopping]].concat())
    }
}

/// Problem responses of the endpoints outside `/v2`.
pub(crate) fn problems(kinds: &[ProblemKind]) -> BTreeMap<String, RefOr<Described>> {
    described::<ProblemDetails>("application/problem+json", kinds)
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
