//! Predictions from photos of leaves.
//!
//! Data flow: bytes → [`Photo`] (decoded, upright, within limits) → [`NetworkInput`] (one resize for every target) →
//! [`network`] (EfficientNet-Lite on burn) → logits → [`Calibration`] → [`Prediction`]. Few-shot classes come from a
//! [`Gallery`] and are ranked with the trained classes. The same code is compiled to native code for the relay and to
//! wasm for the phone; tests compare their answers.
//!
//! ```no_run
//! use mango_inference::{Backend, ModelBundle, Photo, Predictor};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let bundle = ModelBundle::load("models/leaf-lite0".as_ref())?;
//! let predictor = Predictor::new(&bundle, Backend::default())?;
//! let photo = Photo::decode(&std::fs::read("leaf.jpg")?)?;
//! let prediction = predictor.predict(&photo)?;
//! if let Some(best) = prediction.best() {
//!     println!("{} {:.0} %", best.id, best.probability * 100.0);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Features: `flex` (default) and `ndarray` choose the burn backends, `train` adds automatic differentiation, `timing`
//! enables [`timing`] on wasm too.

mod backend;
mod bundle;
mod calibration;
mod catalog;
mod few_photos;
mod gallery;
pub mod network;
mod operations;
mod photo;
mod prediction;
mod predictor;
mod preprocess;
mod text;
pub mod timing;
mod weights;

/// Compiles the READMEs' examples as doc tests.
#[cfg(doctest)]
mod readme {
    #[doc = include_str!("../README.md")]
    struct OfThisCrate;
    #[doc = include_str!("../../README.md")]
    struct OfTheProject;
}

pub use backend::Backend;
pub use bundle::{BundleError, Manifest, ModelBundle, Provenance, WeightsFile, sha256};
pub use calibration::{Calibration, Domain, Others, Symptom, SymptomCalibration};
pub use catalog::{
    Advice, Catalog, CatalogEntry, CatalogError, ClassId, ClassIdError, GrowthStage, Guild, GuildId, GuildIdError,
    Kind, Names, Part, Sampled, Text, Threshold,
};
pub use few_photos::{FewPhotosCalibration, Joined, Unfamiliarity};
pub use gallery::{
    EmbeddingId, Gallery, GalleryClass, GalleryError, GalleryFileError, MAX_GALLERY_FILE, MAX_GALLERY_PHOTOS, PhotoKey,
    StoredEmbedding,
};
pub use photo::{Detail, OtherFormat, Photo, PhotoError, PhotoLimits};
pub use prediction::{
    Basis, HeatMap, LikelyGuild, MAX_PHOTOS, ModelId, Observation, PoolError, Prediction, RankedClass, Shown, Source,
    Verdict,
};
pub use predictor::{PredictError, Predictor, UseError};
pub use preprocess::{BatchError, Crops, NetworkInput, Preprocessing, ResizeError, View, ViewArea, Views};
pub use weights::{Precision, Weights, WeightsError};
