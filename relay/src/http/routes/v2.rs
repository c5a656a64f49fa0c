//! `/v2`: the Open Inference Protocol over REST, as used by clients of KServe and Triton, with the binary tensor data
//! extension.

mod answer;
mod base64_text;
mod bounded_list;
mod data;
mod input;
mod json;
mod metadata;
mod output;
mod request;
mod source;
mod versions;

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use mango_inference::{Predictor, timing};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::app::App;
use crate::http::body;
use crate::http::message::headers::INFERENCE_HEADER_LENGTH;
use crate::http::message::json::Json;
use crate::http::schemas::{InferFailures, ModelFailures};
use crate::monitoring::health;
use crate::pool::{Abandoned, RunningJob};
use crate::problem::{Problem, ProblemKind};
use answer::{Answer, Form};
use metadata::{ModelMetadata, ServerMetadata};
use output::Output;
use request::InferRequest;

/// The endpoints.
pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    let mut router = OpenApiRouter::new()
        .routes(routes!(server))
        .routes(routes!(live))
        .routes(routes!(ready))
        .nest("/v2/models/{model}", of_model())
        .nest("/v2/models/{model}/versions/{version}", of_model());
    versions::describe(router.get_openapi_mut());
    router
}

/// The endpoints of a model, below the path that names it.
fn of_model() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(metadata)).routes(routes!(model_ready)).routes(routes!(infer))
}

/// Metadata of the server.
#[utoipa::path(get, path = "/v2", tag = "v2", responses((status = 200, description = "OK", body = ServerMetadata)))]
async fn server() -> Json<ServerMetadata> {
    Json(ServerMetadata::of_this_program())
}

/// Liveness.
#[derive(Debug, Serialize, ToSchema)]
struct Live {
    live: bool,
}

/// Liveness.
#[utoipa::path(get, path = "/v2/health/live", tag = "v2", responses((status = 200, description = "live", body = Live)))]
async fn live() -> Json<Live> {
    Json(Live { live: true })
}

/// Readiness.
#[derive(Debug, Serialize, ToSchema)]
struct Ready {
    ready: bool,
}

/// Whether the relay accepts requests.
#[utoipa::path(get, path = "/v2/health/ready", tag = "v2", responses(
    (status = 200, description = "ready", body = Ready),
    (status = 503, description = "starting or shutting down", body = Ready),
))]
async fn ready(State(app): State<Arc<App>>) -> (StatusCode, Json<Ready>) {
    let ready = app.health.state() == health::State::Ready;
    (if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, Json(Ready { ready }))
}

/// Whether a model is ready.
#[derive(Debug, Serialize, ToSchema)]
struct ModelReady {
    name: String,
    ready: bool,
}

/// Whether a model is ready.
#[utoipa::path(get, path = "/ready", tag = "v2",
    params(("model" = String, Path, description = "its name")),
    responses(
        (status = 200, description = "ready", body = ModelReady),
        (status = 503, description = "starting or shutting down", body = ModelReady),
        ModelFailures,
    ),
)]
async fn model_ready(
    state: State<Arc<App>>,
    RequestedModel(predictor): RequestedModel,
) -> (StatusCode, Json<ModelReady>) {
    let (status, Json(Ready { ready })) = ready(state).await;
    (status, Json(ModelReady { name: predictor.manifest().model.name.clone(), ready }))
}

/// Metadata of a model.
#[utoipa::path(get, path = "/", tag = "v2",
    params(("model" = String, Path, description = "its name")),
    responses((status = 200, description = "its inputs and outputs", body = ModelMetadata), ModelFailures),
)]
async fn metadata(RequestedModel(predictor): RequestedModel) -> Json<ModelMetadata> {
    Json(ModelMetadata::of(&predictor))
}

/// Classifies one to six photos, each by itself. Binary data follow the JSON (binary tensor data extension).
#[utoipa::path(post, path = "/infer", tag = "v2",
    params(
        ("model" = String, Path, description = "its name"),
        ("Inference-Header-Content-Length" = Option<u32>, Header, nullable = false,
            description = "bytes of JSON before binary data"),
    ),
    request_body(content((json::Json = "application/json"), (Vec<u8> = "application/octet-stream"))),
    responses(
        (status = 200, description = "the outputs; with binary data if requested", content(
            (answer::Json = "application/json"), (Vec<u8> = "application/octet-stream"),
        )),
        InferFailures,
    ),
)]
async fn infer(
    State(app): State<Arc<App>>,
    RequestedModel(predictor): RequestedModel,
    request: Request,
) -> Result<Response, Problem> {
    let header_length = request::header_length(request.headers())?;
    app.admit()?;
    let (body, account) = body::read(request, &app.memory, app.limits.request_size).await?;
    if header_length.is_none() {
        // The data decoded from JSON take memory in addition to the JSON.
        account.take(body.len()).map_err(|_| Problem::overloaded())?;
    }
    let (deadline, limits) = (app.deadline(), app.limits);
    let read = move || InferRequest::parse(&body, header_length, limits);
    let InferRequest { id, photos, outputs } = app.read(deadline, read).await?;
    let outputs = outputs.of(&Output::all(&predictor))?;
    let number = photos.len();
    let see = move |running_job: &mut RunningJob| {
        let mut predictions = Vec::with_capacity(photos.len());
        for (index, photo) in photos.iter().enumerate() {
            running_job.next_photo().map_err(|Abandoned| Problem::overloaded())?;
            let _timing = timing::record();
            let seen = photo.open(limits.of_photo(&predictor)).and_then(|photo| Ok(predictor.predict(&photo)?));
            predictions.push(seen.map_err(|problem| problem.of_photo(index))?);
        }
        Ok((predictor, predictions))
    };
    let (predictor, predictions) = app.run(account, number, deadline, see).await?;
    // The log line records one prediction.
    if let Some(first) = predictions.first() {
        app.tell(&predictions, first);
    }
    let answer = Answer::new(&predictor, id, &predictions, &outputs);
    Ok(respond(answer.encode()))
}

fn respond((body, form): (Vec<u8>, Form)) -> Response {
    let mut response = ([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], body).into_response();
    let headers = response.headers_mut();
    match form {
        Form::Json => {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        Form::Binary { json } => {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
            headers.insert(INFERENCE_HEADER_LENGTH, HeaderValue::from(json));
        }
    }
    response
}

/// The problem of a request that breaks the protocol.
fn bad(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemKind::BadTensor, detail)
}

/// The current predictor, if it is the requested model.
struct RequestedModel(Arc<Predictor>);

/// The path parameters.
#[derive(Deserialize)]
struct Named {
    model: String,
    version: Option<String>,
}

impl FromRequestParts<Arc<App>> for RequestedModel {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let predictor = app.predictor.get();
        let present = &predictor.manifest().model;
        let named = Path::<Named>::from_request_parts(parts, app).await;
        let is_present = named.is_ok_and(|Path(Named { model, version })| {
            model == present.name && version.is_none_or(|version| version == present.version)
        });
        if is_present {
            return Ok(Self(predictor));
        }
        let detail = format!("this relay has the model {} in version {} only", present.name, present.version);
        Err(Problem::new(ProblemKind::UnknownModel, detail))
    }
}
