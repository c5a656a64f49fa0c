//! What is fitted to the embeddings: the linear classifier, the domain of known leaves, and the calibration.

pub mod calibrate;
pub mod classifier;
pub mod domain;
