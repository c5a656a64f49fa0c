//! `GET /v1/catalog`: names, symptoms and advice of all classes.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use mango_inference::Catalog;

use super::App;
use super::document::{Document, Keep};

/// The built-in catalog, `models/catalog.json`.
pub(super) fn document() -> Document {
    Document::new("application/json", Catalog::BUILTIN_JSON)
}

/// Names, symptoms and advice of all classes.
#[utoipa::path(get, path = "/v1/catalog", tag = "phones", responses(
    (status = 200, description = "the catalog", body = Catalog),
    (status = 304, description = "the client has it already"),
))]
pub(super) async fn catalog(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    app.catalog.answer(&headers, Keep::AskAgain)
}
