//! The relay: names the pest or disease on photos of mango leaves, over HTTPS or on the command line.
//!
//! Data flow one way: upload → [`http`] (limits, multipart) → [`pool`] (bounded, off the async threads) → [`model`]
//! (`mango-inference`) → JSON. Every answer that is not a prediction is a [`problem::Problem`]. What growers teach lies
//! in files that [`gallery`] looks after; [`serve`] runs on [`settings`] and makes another predictor [`current`] when one of them changes. Phones
//! get a model of their own from [`device_model`].

pub mod cert;
pub mod cli;
pub mod computing;
pub mod config;
pub mod current;
pub mod device_model;
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
