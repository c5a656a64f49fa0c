//! What operators see of a running relay: log, metrics and health.

pub mod health;
pub mod logging;
pub mod metrics;
