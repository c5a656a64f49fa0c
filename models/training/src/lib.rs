//! Makes Mango Scout's models, in Rust with burn.
//!
//! ImageNet weights are fetched and imported ([`imagenet`]), every photo of a [`dataset`] is turned into its
//! embedding once ([`features`]), a linear classifier is trained on the embeddings ([`head`]) and calibrated
//! ([`calibrate`]), and the bundle that comes out is measured through the same code that users run
//! ([`measure`]), and gets its model card ([`card`]).

pub mod calibrate;
pub mod card;
mod cli;
pub mod dataset;
pub mod features;
pub mod head;
pub mod imagenet;
pub mod measure;
mod progress;
mod train_head;

pub use cli::Command;
