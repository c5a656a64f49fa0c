//! The relay: classifies pests and diseases on photos of mango leaves, over HTTPS or on the command line.
//!
//! Data flow in one direction: upload → [`http`] (limits, multipart) → [`pool`] (bounded, off the async threads) →
//! [`model`] (`mango-inference`) → JSON. Every response that is not a prediction is a [`problem::Problem`]. Classes
//! that growers add are in files managed by [`gallery`]. [`serve`] runs with [`settings`] and replaces the [`current`]
//! predictor when a gallery file changes. [`device_model`] is the model that phones download, and [`feedback`] keeps the
//! photos that growers send for the next one.

pub mod cert;
pub mod cli;
pub mod computing;
pub mod config;
pub mod current;
pub mod device_model;
pub mod feedback;
pub mod gallery;
pub mod health;
pub mod http;
pub mod logging;
mod meter;
pub mod metrics;
pub mod model;
mod names;
mod photo_file;
pub mod pool;
pub mod predict;
pub mod probe;
pub mod problem;
mod progress;
mod replace;
mod self_test;
pub mod serve;
pub mod settings;
mod terminal;
pub mod tls;
mod unreadable;
