//! The relay: names the pest or disease on photos of mango leaves, over HTTPS or on the command line.
//!
//! Data flow one way: upload → [`http`] (limits, multipart) → [`pool`] (bounded, off the async threads) → [`model`]
//! (`mango-inference`) → JSON. Every answer that is not a prediction is a [`problem::Problem`].

pub mod cli;
pub mod http;
pub mod model;
pub mod pool;
pub mod predict;
pub mod problem;
pub mod serve;
pub mod tls;
