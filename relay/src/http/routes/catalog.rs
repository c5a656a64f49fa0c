//! `GET /v1/catalog`: names, symptoms and advice of all classes.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use mango_inference::Catalog;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::message::document::{Document, Keep};

/// The endpoint, with the built-in catalog, `models/catalog.json`.
pub(super) fn routes<S>() -> OpenApiRouter<S> {
    let document = Document::new("application/json", Catalog::BUILTIN_JSON);
    OpenApiRouter::new().routes(routes!(catalog)).with_state(document)
}

/// Names, symptoms and advice of all classes.
#[utoipa::path(get, path = "/v1/catalog", tag = "phones", responses(
    (status = 200, description = "the catalog", body = Catalog),
    (status = 304, description = "the client has it already"),
))]
async fn catalog(State(document): State<Document>, headers: HeaderMap) -> Response {
    document.answer(&headers, Keep::AskAgain)
}
