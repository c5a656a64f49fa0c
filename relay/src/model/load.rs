//! Loading of the model, and single predictions.

use std::panic::catch_unwind;

use mango_inference::{
    Backend, BundleError, Catalog, CatalogError, Gallery, GalleryFileError, ModelBundle, Observation, Photo,
    PhotoError, PhotoLimits, PredictError, Prediction, Predictor, UseError,
};

use crate::cli::ModelArgs;
use crate::problem::{Problem, ProblemKind};

/// A model with the class groups of the catalog and its own galleries.
#[derive(Clone, Debug)]
pub struct Model {
    predictor: Predictor,
    own: Vec<Gallery>,
}

impl Model {
    /// Loads the model from the chosen folder, or the built-in one.
    ///
    /// # Errors
    /// [`LoadError`] names the faulty part.
    pub fn load(args: &ModelArgs) -> Result<Self, LoadError> {
        let (bundle, own) = match &args.model {
            Some(folder) => (ModelBundle::load(folder)?, Vec::new()),
            None if args.no_pests => (embedded()?, Vec::new()),
            None => (embedded()?, vec![embedded_gallery()?]),
        };
        Self::new(&bundle, own)
    }

    /// A model from a bundle and its own galleries.
    ///
    /// # Errors
    /// [`LoadError`] names the faulty part.
    pub fn new(bundle: &ModelBundle, own: Vec<Gallery>) -> Result<Self, LoadError> {
        let predictor = Predictor::new(bundle, Backend::default())?.with_guilds(&Catalog::builtin()?);
        Ok(Self { predictor, own })
    }

    /// The predictor without any gallery.
    #[must_use]
    pub fn bare(&self) -> &Predictor {
        &self.predictor
    }

    /// The model's own galleries.
    #[must_use]
    pub fn own(&self) -> &[Gallery] {
        &self.own
    }

    /// The predictor with the model's own galleries and these.
    ///
    /// # Errors
    /// Those of [`Predictor::with_galleries`].
    pub fn with(&self, galleries: &[Gallery]) -> Result<Predictor, UseError> {
        self.predictor.clone().with_galleries(&[&self.own, galleries].concat())
    }
}

/// The built-in model, `models/leaf-lite0`.
///
/// # Errors
/// Those of [`ModelBundle::new`]; a test ensures that they do not occur in a release.
pub fn embedded() -> Result<ModelBundle, BundleError> {
    ModelBundle::new(
        include_str!("../../models/leaf-lite0/manifest.json"),
        include_bytes!("../../models/leaf-lite0/weights.bpk").as_slice(),
    )
}

/// The few-photo pest classes of the model of [`embedded`], `models/gallery/mango-pests`.
///
/// # Errors
/// Those of [`Gallery::parse`]; a test ensures that they do not occur in a release.
pub fn embedded_gallery() -> Result<Gallery, GalleryFileError> {
    Gallery::parse(include_bytes!("../../models/gallery/mango-pests/leaf-lite0.gallery"))
}

/// A model that cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The bundle cannot be loaded.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The built-in catalog cannot be read.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The built-in gallery cannot be read.
    #[error(transparent)]
    Gallery(#[from] GalleryFileError),
}

/// Decodes a photo.
///
/// A panic of a third-party decoder on hostile bytes is an error of the photo, not of the relay.
///
/// # Errors
/// The [`Problem`] with the photo.
pub fn decode(photo: &[u8]) -> Result<Photo, Problem> {
    decode_within(photo, PhotoLimits::default())
}

/// As [`decode`], with these limits.
///
/// # Errors
/// Those of [`decode`].
pub fn decode_within(photo: &[u8], limits: PhotoLimits) -> Result<Photo, Problem> {
    catch_unwind(|| Photo::decode_within(photo, limits))
        .unwrap_or_else(|_| Err(PhotoError::Damaged("its decoder failed".to_owned())))
        .map_err(|error| Problem::from(&error))
}

/// The default limits of a photo for that predictor.
#[must_use]
pub fn limits(predictor: &Predictor) -> PhotoLimits {
    PhotoLimits::default().with_detail(predictor.manifest().preprocessing.detail())
}

/// Classifies a photo.
///
/// # Errors
/// [`ProblemKind::PredictionFailed`]. The cause is logged and not in the message.
pub fn diagnose(predictor: &Predictor, photo: &Photo) -> Result<Prediction, Problem> {
    or_problem(predictor.predict(photo))
}

/// Classifies a photo, with the heat map of the first class.
///
/// # Errors
/// Those of [`diagnose`].
pub fn explain(predictor: &Predictor, photo: &Photo) -> Result<Prediction, Problem> {
    or_problem(predictor.explain(photo))
}

/// Embeds a photo, to be pooled with others.
///
/// # Errors
/// Those of [`diagnose`].
pub fn observe(predictor: &Predictor, photo: &Photo) -> Result<Observation, Problem> {
    or_problem(predictor.observe_photo(photo))
}

/// Embeds a photo, to be pooled with others, and classifies it.
///
/// # Errors
/// Those of [`diagnose`].
pub fn observe_and_classify(predictor: &Predictor, photo: &Photo) -> Result<(Observation, Prediction), Problem> {
    let observation = observe(predictor, photo)?;
    let prediction = predictor.classify(&observation);
    Ok((observation, prediction))
}

/// As [`observe_and_classify`], with the heat map of the first class.
///
/// # Errors
/// Those of [`diagnose`].
pub fn observe_and_explain(predictor: &Predictor, photo: &Photo) -> Result<(Observation, Prediction), Problem> {
    or_problem(predictor.explain_photo(photo))
}

/// Pools and classifies photos.
///
/// # Errors
/// Those of [`diagnose`].
pub fn classify_together(predictor: &Predictor, observations: &[Observation]) -> Result<Prediction, Problem> {
    or_problem(Observation::pool(observations).map_err(PredictError::from)).map(|pooled| predictor.classify(&pooled))
}

fn or_problem<T>(result: Result<T, PredictError>) -> Result<T, Problem> {
    result.map_err(|error| {
        tracing::error!(%error, "a prediction failed");
        Problem::new(ProblemKind::PredictionFailed, "the model could not answer this photo; try again later")
    })
}
