//! The endpoints, one file each.

mod catalog;
mod device_model;
mod feedback;
mod health;
mod openapi;
mod page;
mod predict;
mod upload;
mod v2;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use mango_inference::ModelId;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use super::app::App;
use super::schemas;
use crate::model::device::DeviceModel;
use crate::monitoring::health::Health;
use crate::problem::{Problem, ProblemKind};
use crate::settings::Limits;

/// All endpoints, and the answers to unknown paths and methods. An endpoint without a description for
/// `GET /openapi.json` cannot be added.
pub(super) fn all(device_model: DeviceModel, limits: Limits, health: &Health, model: &ModelId) -> Router<Arc<App>> {
    let endpoints = OpenApiRouter::with_openapi(schemas::frame())
        .merge(page::routes(limits))
        .routes(routes!(upload::upload).layer(DefaultBodyLimit::max(limits.photo)))
        .routes(routes!(predict::predict).layer(DefaultBodyLimit::max(limits.request_size)))
        .merge(catalog::routes())
        .merge(device_model::routes(device_model))
        .routes(routes!(feedback::terms, feedback::send).layer(DefaultBodyLimit::max(limits.photo)))
        .routes(routes!(feedback::delete))
        .merge(health::routes(health))
        .merge(v2::routes());
    Router::from(openapi::with_description(endpoints, model))
        .method_not_allowed_fallback(|| async {
            Problem::new(ProblemKind::MethodNotAllowed, "the Allow header lists the methods of this path")
        })
        .fallback(|| async {
            Problem::new(
                ProblemKind::UnknownPath,
                "nothing is here; photos are sent to POST /upload_image or POST /v1/predict",
            )
        })
}
