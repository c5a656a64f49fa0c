//! `GET /openapi.json`: the OpenAPI description of all endpoints.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use mango_inference::ModelId;
use utoipa::openapi::path::Parameter;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{OpenApi as Api, RefOr};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::layers::health_check;
use crate::http::message::document::{Document, Keep};
use crate::http::schemas::{failures, problems};
use crate::problem::ProblemKind;

/// Adds the description of all endpoints, itself included, to the endpoints.
pub(super) fn with_description<S>(endpoints: OpenApiRouter<S>, model: &ModelId) -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    let own = OpenApiRouter::new().routes(routes!(openapi));
    let mut api = endpoints.get_openapi().clone();
    api.merge(own.get_openapi().clone());
    endpoints.merge(own.with_state(document(api, model)))
}

/// Problems that every endpoint may return.
const OF_ALL: [ProblemKind; 3] = [ProblemKind::Internal, ProblemKind::RateLimited, ProblemKind::TimedOut];

/// The description of this relay. The paths under `/v2` name its one model.
fn document(mut api: Api, model: &ModelId) -> Document {
    for (path, item) in &mut api.paths.paths {
        // The health checks are not rate-limited and have no timeout.
        if [health_check::LIVE, health_check::READY].contains(&path.as_str()) {
            continue;
        }
        let of_all = if path.starts_with("/v2") { failures(&OF_ALL) } else { problems(&OF_ALL) };
        for operation in item.get.iter_mut().chain(&mut item.post).chain(&mut item.delete) {
            for (status, response) in &of_all {
                operation.responses.responses.entry(status.clone()).or_insert_with(|| response.clone());
            }
        }
    }
    let items = api.paths.paths.values_mut();
    let operations = items.flat_map(|item| item.get.iter_mut().chain(&mut item.post));
    for parameter in operations.flat_map(|operation| operation.parameters.iter_mut().flatten()) {
        match parameter.name.as_str() {
            "model" => only(parameter, &model.name),
            "version" => only(parameter, &model.version),
            _ => {}
        }
    }
    // Cannot fail: a tree of maps and strings is serialised.
    Document::new("application/json", api.to_json().unwrap_or_default())
}

/// Restricts a parameter to one value.
fn only(parameter: &mut Parameter, value: &str) {
    let schema = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([value]));
    parameter.schema = Some(RefOr::T(schema.build().into()));
}

/// This description.
#[utoipa::path(get, path = "/openapi.json", tag = "self", responses(
    (status = 200, description = "OpenAPI 3.1", body = serde_json::Value),
    (status = 304, description = "the client has it already"),
))]
async fn openapi(State(document): State<Document>, headers: HeaderMap) -> Response {
    document.answer(&headers, Keep::AskAgain)
}
