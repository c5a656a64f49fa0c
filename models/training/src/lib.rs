//! Trains Mango Scout's models, in Rust with burn.
//!
//! ImageNet weights are fetched and imported ([`imagenet`]). A [`recipe`] describes training on a [`dataset`] or any
//! [`photo_folder`]: photos are augmented ([`augment`]) and get other backgrounds ([`backdrop`]), the frozen stages'
//! feature maps and the embeddings are computed once ([`features`]), late stages are trained on the feature maps
//! ([`late`]), a linear classifier is fitted to the embeddings ([`classifier`]), the domain of known leaves is fitted
//! ([`domain`]) and probabilities are calibrated ([`calibrate`]). Few-shot classes are made and measured in
//! [`few_photos`]. The finished bundle is measured with the same code that users run ([`measure`]), and gets its model
//! card ([`card`]).

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
