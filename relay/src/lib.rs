//! The relay: classifies pests and diseases on photos of mango leaves, over HTTPS or on the command line.
//!
//! Data flow in one direction: upload → [`http`] (limits, multipart) → [`pool`] (bounded, off the async threads) →
//! [`photo`] (decoding) → [`model`] (`mango-inference`, which gives the verdict) → JSON. Every response that is not a
//! prediction is a [`problem::Problem`]. [`serve`] runs with [`settings`] and replaces the current predictor when a
//! gallery file changes. [`feedback`] keeps the photos that growers send for the next model. [`cli`] defines the command line, and [`commands`] runs the subcommands apart from `serve`.

pub mod cli;
pub mod commands;
pub mod feedback;
pub mod http;
pub mod model;
pub mod monitoring;
mod output;
mod periodic;
pub mod photo;
pub mod pool;
pub mod problem;
pub mod serve;
pub mod settings;
