//! Photo sets: reading them, their labels and splits, and sample weights.

pub mod balance;
pub mod dataset;
pub mod photo_folder;
pub mod sources;
