//! The network up to the embedding: its ImageNet weights, its features, and the training of its stages.

pub mod features;
pub mod fine_tuning;
pub mod gradients;
pub mod imagenet;
pub mod late;
