//! Trains Mango Scout's models, in Rust with burn.
//!
//! - [`photos`]: the photos to train on and to measure on: a [`dataset`](photos::dataset), all
//!   [`sources`](photos::sources), or any [`photo_folder`](photos::photo_folder).
//! - [`views`]: photos are augmented ([`augment`](views::augment)) and get other backgrounds
//!   ([`backdrop`](views::backdrop)).
//! - [`trunk`]: ImageNet weights are fetched and imported ([`imagenet`]). The frozen stages' feature maps and the
//!   embeddings are computed once ([`features`](trunk::features)); later stages are trained on the feature maps
//!   ([`late`](trunk::late)) or on fresh views ([`fine_tuning`](trunk::fine_tuning)).
//! - [`head`]: a linear classifier is fitted to the embeddings ([`classifier`](head::classifier)), the domain of known
//!   leaves is fitted ([`domain`](head::domain)) and probabilities are calibrated ([`calibrate`](head::calibrate)).
//! - [`recipe`] describes a training run; `train` follows it. [`ablate`] trains a recipe with one change at a time.
//! - [`few_photos`]: few-shot classes are made and measured.
//! - [`measure`]: the finished bundle is measured with the same code that users run. It gets its model card from
//!   [`card`].

pub mod ablate;
pub mod card;
mod cli;
pub mod few_photos;
pub mod head;
pub mod measure;
pub mod photos;
mod progress;
pub mod recipe;
mod train;
pub mod trunk;
pub mod views;

pub use cli::Command;
pub use trunk::imagenet;
