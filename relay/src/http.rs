//! The HTTP service: [`service`] builds the endpoints (`routes`) inside the layers that every request passes (`layers`).

mod app;
pub(crate) mod body;
mod layers;
mod message;
mod routes;
mod schemas;

use std::sync::Arc;

use axum::Router;

use crate::feedback::Store;
use crate::model::Current;
use crate::model::device::DeviceModel;
use crate::monitoring::health::Health;
use crate::monitoring::metrics::Metrics;
use crate::pool::ThreadsError;
use crate::settings::Settings;
use app::App;

/// The whole service. It predicts with `predictor`, offers `device_model` to phones, and keeps feedback in `feedback`.
///
/// # Errors
/// The system cannot start a thread for each worker.
pub fn service(
    predictor: Current,
    device_model: DeviceModel,
    settings: &Settings,
    health: &Health,
    metrics: &Metrics,
    feedback: Option<Arc<Store>>,
) -> Result<Router, ThreadsError> {
    let routes = routes::all(device_model, settings.limits, health, &predictor.get().manifest().model);
    let app = App::new(predictor, settings, health.clone(), metrics.clone(), feedback)?;
    Ok(layers::around(routes, settings, health, metrics).with_state(Arc::new(app)))
}

#[cfg(test)]
mod tests;
