//! The layers that every request passes.

pub(super) mod client;
mod close;
mod cors;
mod deadline;
mod drain;
pub(super) mod health_check;
mod log;
pub(super) mod log_context;
mod minimum_rate;
mod panics;
pub(super) mod protocol_errors;
mod rate;
mod request_id;

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};

use super::body::MinimumRate;
use crate::monitoring::health::Health;
use crate::monitoring::metrics::Metrics;
use crate::settings::Settings;
use client::Proxies;
use drain::Drain;
use log::Log;
use rate::RateLimit;

/// Wraps routes in the layers, the innermost first.
pub(super) fn around<S>(routes: Router<S>, settings: &Settings, health: &Health, metrics: &Metrics) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let Settings { times, clients, .. } = settings;
    let rate = RateLimit::new(clients.rate_limit, metrics.clone());
    let drain = Drain { health: health.clone(), request: times.request };
    let proxies = Proxies::new(clients.trusted_proxies.clone());
    let log = Arc::new(Log { proxies, metrics: metrics.clone(), health: health.clone() });
    let routes = routes
        .layer(from_fn_with_state(times.request, deadline::enforce))
        .layer(from_fn_with_state(Arc::new(rate), rate::limit))
        .layer(panics::layer(metrics.panics.clone()))
        .layer(from_fn_with_state(MinimumRate::from(*times), minimum_rate::enforce))
        .layer(from_fn_with_state(drain, drain::discard))
        .layer(from_fn(protocol_errors::in_protocol_format))
        .layer(from_fn_with_state(health.clone(), close::while_draining));
    // CORS headers are on error responses too, so that scripts can read them.
    let routes = match cors::layer(&clients.allowed_origins) {
        Some(cors) => routes.layer(cors),
        None => routes,
    };
    routes.layer(from_fn_with_state(log, log::one_line))
}
