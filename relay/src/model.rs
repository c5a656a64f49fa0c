//! Which model answers, and one answer.

use std::panic::catch_unwind;
use std::path::Path;

use mango_inference::{
    Backend, BundleError, ModelBundle, Observation, Photo, PhotoError, PredictError, Prediction, Predictor,
};

use crate::problem::{Problem, ProblemKind};

/// Loads the model in `folder`, or the one that this program carries.
///
/// # Errors
/// Those of [`ModelBundle::load`] and [`Predictor::new`].
pub fn load(folder: Option<&Path>) -> Result<Predictor, BundleError> {
    let bundle = match folder {
        Some(folder) => ModelBundle::load(folder)?,
        None => embedded()?,
    };
    Predictor::new(&bundle, Backend::default())
}

/// The model that this program carries, `models/leaf-lite0`.
///
/// # Errors
/// Those of [`ModelBundle::new`]; a test keeps them from shipping.
pub fn embedded() -> Result<ModelBundle, BundleError> {
    ModelBundle::new(
        include_str!("../../models/leaf-lite0/manifest.json"),
        include_bytes!("../../models/leaf-lite0/weights.bpk").as_slice(),
    )
}

/// Decodes a photo.
///
/// Decoders are other people's code on hostile bytes: where one panics, the photo is at fault, not the relay.
///
/// # Errors
/// The [`Problem`] with the photo.
pub fn decode(photo: &[u8]) -> Result<Photo, Problem> {
    catch_unwind(|| Photo::decode(photo))
        .unwrap_or_else(|_| Err(PhotoError::Damaged("its decoder gave up".to_owned())))
        .map_err(|error| Problem::from(&error))
}

/// Names what a photo shows.
///
/// # Errors
/// [`ProblemKind::PredictionFailed`], whose cause is logged and not told.
pub fn diagnose(predictor: &Predictor, photo: &Photo) -> Result<Prediction, Problem> {
    told(predictor.predict(photo))
}

/// Names what a photo shows, with the heat map of the first class.
///
/// # Errors
/// Those of [`diagnose`].
pub fn explain(predictor: &Predictor, photo: &Photo) -> Result<Prediction, Problem> {
    told(predictor.explain(photo))
}

/// What the network makes of a photo, to be pooled with others.
///
/// # Errors
/// Those of [`diagnose`].
pub fn observe(predictor: &Predictor, photo: &Photo) -> Result<Observation, Problem> {
    told(predictor.observe_photo(photo))
}

fn told<T>(result: Result<T, PredictError>) -> Result<T, Problem> {
    result.map_err(|error| {
        tracing::error!(%error, "a prediction failed");
        Problem::new(ProblemKind::PredictionFailed, "the model could not answer this photo; try again later")
    })
}
