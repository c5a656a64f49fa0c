//! Makes Mango Scout's models, in Rust with burn.
//!
//! ImageNet weights are fetched and imported ([`imagenet`]). A [`recipe`] says what becomes of them on a [`dataset`] or
//! any [`photo_folder`]: photos are varied as other cameras would show them ([`augment`]) and
//! laid on other grounds ([`backdrop`]), the frozen stages' maps
//! and the embeddings are computed once ([`features`]), late stages are trained from the maps ([`late`]), a linear
//! classifier is fitted to the embeddings ([`classifier`]), the domain of known leaves is bounded ([`domain`]) and
//! probabilities are calibrated ([`calibrate`]). Classes of a few
//! photos are made and measured beside it ([`few_photos`]). The bundle that comes out is measured through the same code that
//! users run ([`measure`]), and gets its model card ([`card`]).

pub mod ablate;
pub mod augment;
pub mod backdrop;
pub mod balance;
pub mod calibrate;
pub mod card;
pub mod classifier;
mod cli;
pub mod dataset;
pub mod domain;
pub mod features;
pub mod few_photos;
pub mod fine_tuning;
pub mod gradients;
pub mod imagenet;
pub mod late;
pub mod leaf_mask;
pub mod measure;
pub mod photo_folder;
mod progress;
pub mod recipe;
pub mod resize;
pub mod sources;
mod texture;
mod train;

pub use cli::Command;
