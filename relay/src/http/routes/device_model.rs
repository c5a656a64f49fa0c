//! `GET /v1/device-model`: the description and the files of the model for phones.
//!
//! The URL of each file contains a hash of its content, so that a phone never mixes files of two models.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mango_inference::Verdict;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::message::document::{Document, Keep};
use crate::http::message::query;
use crate::http::schemas::FileProblems;
use crate::model::device::{DeviceModel, Expected};
use crate::problem::{Problem, ProblemKind};

/// The endpoints of that model.
pub(super) fn routes<S>(model: DeviceModel) -> OpenApiRouter<S> {
    OpenApiRouter::new()
        .routes(routes!(description))
        .routes(routes!(manifest))
        .routes(routes!(weights))
        .routes(routes!(gallery))
        .with_state(Arc::new(Documents::new(model)))
}

/// The responses of the model's endpoints.
#[derive(Debug)]
struct Documents {
    description: Document,
    manifest: Document,
    weights: Document,
    gallery: Option<Document>,
}

/// Description of the model for phones.
#[derive(Serialize, ToSchema)]
struct Description<'a> {
    name: &'a str,
    version: &'a str,
    /// The id of its embedding.
    embedding: String,
    manifest: File<'a>,
    weights: File<'a>,
    /// Null for a model without a gallery.
    #[schema(required)]
    gallery: Option<File<'a>>,
    self_test: SelfTest<'a>,
}

/// A file of the model.
#[derive(Serialize, ToSchema)]
struct File<'a> {
    url: String,
    bytes: usize,
    /// Lower-case hexadecimal.
    sha256: &'a str,
}

/// A prediction that a phone has to reproduce before it uses the files.
#[derive(Serialize, ToSchema)]
struct SelfTest<'a> {
    /// A small picture in base64.
    photo: String,
    classes: &'a [Expected],
    verdict: Verdict,
}

impl Documents {
    fn new(model: DeviceModel) -> Self {
        let manifest = Document::new("application/json", model.manifest);
        let weights = Document::new("application/octet-stream", model.weights);
        let gallery = model.gallery.map(|gallery| Document::new("application/octet-stream", gallery));
        let description = Description {
            name: &model.id.name,
            version: &model.id.version,
            embedding: model.embedding.to_string(),
            manifest: File::of("manifest.json", &manifest),
            weights: File::of("weights", &weights),
            gallery: gallery.as_ref().map(|gallery| File::of("gallery", gallery)),
            self_test: SelfTest {
                photo: STANDARD.encode(&model.self_test.photo),
                classes: &model.self_test.classes,
                verdict: model.self_test.verdict,
            },
        };
        // Cannot fail: only strings and finite numbers are serialised.
        let description = serde_json::to_vec(&description).unwrap_or_default();
        Self { description: Document::new("application/json", description), manifest, weights, gallery }
    }
}

impl<'a> File<'a> {
    fn of(name: &str, document: &'a Document) -> Self {
        let url = format!("/v1/device-model/{name}?v={}", document.version());
        Self { url, bytes: document.len(), sha256: document.sha256() }
    }
}

/// The description of the model for phones.
#[utoipa::path(get, path = "/v1/device-model", tag = "phones", responses(
    (status = 200, description = "the description", body = Description),
    (status = 304, description = "the client has it already"),
))]
async fn description(State(documents): State<Arc<Documents>>, request: Request) -> Response {
    documents.description.answer(request.headers(), Keep::AskAgain)
}

/// The manifest of the model for phones.
#[utoipa::path(get, path = "/v1/device-model/manifest.json", tag = "phones",
    params(("v" = Option<String>, Query, nullable = false, description = "version of the content")),
    responses(
        (status = 200, description = "its manifest", content_type = "application/json", body = serde_json::Value),
        (status = 304, description = "the client has it already"),
        FileProblems,
    ),
)]
async fn manifest(State(documents): State<Arc<Documents>>, request: Request) -> Result<Response, Problem> {
    file(Some(&documents.manifest), &request)
}

/// The weights of the model for phones.
#[utoipa::path(get, path = "/v1/device-model/weights", tag = "phones",
    params(("v" = Option<String>, Query, nullable = false, description = "version of the content")),
    responses(
        (status = 200, description = "its weights", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 304, description = "the client has it already"),
        FileProblems,
    ),
)]
async fn weights(State(documents): State<Arc<Documents>>, request: Request) -> Result<Response, Problem> {
    file(Some(&documents.weights), &request)
}

/// The gallery of the model for phones.
#[utoipa::path(get, path = "/v1/device-model/gallery", tag = "phones",
    params(("v" = Option<String>, Query, nullable = false, description = "version of the content")),
    responses(
        (status = 200, description = "its gallery", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 304, description = "the client has it already"),
        FileProblems,
    ),
)]
async fn gallery(State(documents): State<Arc<Documents>>, request: Request) -> Result<Response, Problem> {
    file(documents.gallery.as_ref(), &request)
}

/// Returns a file if its version is the requested one, or if no version is requested.
fn file(present: Option<&Document>, request: &Request) -> Result<Response, Problem> {
    match (present, query::version(request.uri().query())) {
        (Some(file), None) => Ok(file.answer(request.headers(), Keep::AskAgain)),
        (Some(file), Some(version)) if version == file.version() => Ok(file.answer(request.headers(), Keep::ForEver)),
        (_, Some(_)) => {
            let detail = "the relay has another model now; request GET /v1/device-model again";
            Err(Problem::new(ProblemKind::ModelReplaced, detail))
        }
        (None, None) => Err(Problem::new(ProblemKind::UnknownPath, "the model for phones comes without a gallery")),
    }
}
