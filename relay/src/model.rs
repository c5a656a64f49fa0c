//! Which model answers, and one answer.

use std::panic::catch_unwind;

use mango_inference::{
    Backend, BundleError, Catalog, CatalogError, Gallery, GalleryFileError, ModelBundle, Observation, Photo,
    PhotoError, PhotoLimits, PredictError, Prediction, Predictor, UseError,
};

use crate::cli::ModelArgs;
use crate::problem::{Problem, ProblemKind};

/// A model that knows the guilds of its classes, and the galleries that come with it.
#[derive(Clone, Debug)]
pub struct Model {
    predictor: Predictor,
    own: Vec<Gallery>,
}

impl Model {
    /// Loads the model that was chosen: one in a folder, or the one that this program carries.
    ///
    /// # Errors
    /// [`LoadError`] says what is wrong with which part.
    pub fn load(args: &ModelArgs) -> Result<Self, LoadError> {
        let (bundle, own) = match &args.model {
            Some(folder) => (ModelBundle::load(folder)?, Vec::new()),
            None if args.no_pests => (embedded()?, Vec::new()),
            None => (embedded()?, vec![embedded_gallery()?]),
        };
        Self::new(&bundle, own)
    }

    /// The model of a bundle, and the galleries that come with it.
    ///
    /// # Errors
    /// [`LoadError`] says what is wrong with which part.
    pub fn new(bundle: &ModelBundle, own: Vec<Gallery>) -> Result<Self, LoadError> {
        let predictor = Predictor::new(bundle, Backend::default())?.with_guilds(&Catalog::builtin()?);
        Ok(Self { predictor, own })
    }

    /// The model without any gallery.
    #[must_use]
    pub fn bare(&self) -> &Predictor {
        &self.predictor
    }

    /// The galleries that come with it.
    #[must_use]
    pub fn own(&self) -> &[Gallery] {
        &self.own
    }

    /// The model with its own galleries and these.
    ///
    /// # Errors
    /// Those of [`Predictor::with_galleries`].
    pub fn with(&self, galleries: &[Gallery]) -> Result<Predictor, UseError> {
        self.predictor.clone().with_galleries(&[&self.own, galleries].concat())
    }
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

/// The pests that the model of [`embedded`] knows from few photos, `models/gallery/mango-pests`.
///
/// # Errors
/// Those of [`Gallery::parse`]; a test keeps them from shipping.
pub fn embedded_gallery() -> Result<Gallery, GalleryFileError> {
    Gallery::parse(include_bytes!("../../models/gallery/mango-pests/leaf-lite0.gallery"))
}

/// A model that cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Its bundle cannot.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The catalog that this program carries cannot be read.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The gallery that this program carries cannot be read.
    #[error(transparent)]
    Gallery(#[from] GalleryFileError),
}

/// Decodes a photo.
///
/// Decoders are other people's code on hostile bytes: where one panics, the photo is at fault, not the relay.
///
/// # Errors
/// The [`Problem`] with the photo.
pub fn decode(photo: &[u8]) -> Result<Photo, Problem> {
    decode_within(photo, PhotoLimits::default())
}

/// As [`decode`], of a photo within these limits.
///
/// # Errors
/// Those of [`decode`].
pub fn decode_within(photo: &[u8], limits: PhotoLimits) -> Result<Photo, Problem> {
    catch_unwind(|| Photo::decode_within(photo, limits))
        .unwrap_or_else(|_| Err(PhotoError::Damaged("its decoder failed".to_owned())))
        .map_err(|error| Problem::from(&error))
}

/// What one photo for that predictor may cost by default.
#[must_use]
pub fn limits(predictor: &Predictor) -> PhotoLimits {
    PhotoLimits::default().with_detail(predictor.manifest().preprocessing.detail())
}

/// Names what a photo shows.
///
/// # Errors
/// [`ProblemKind::PredictionFailed`], whose cause is logged and not told.
pub fn diagnose(predictor: &Predictor, photo: &Photo) -> Result<Prediction, Problem> {
    or_problem(predictor.predict(photo))
}

/// Names what a photo shows, with the heat map of the first class.
///
/// # Errors
/// Those of [`diagnose`].
pub fn explain(predictor: &Predictor, photo: &Photo) -> Result<Prediction, Problem> {
    or_problem(predictor.explain(photo))
}

/// What the network makes of a photo, to be pooled with others.
///
/// # Errors
/// Those of [`diagnose`].
pub fn observe(predictor: &Predictor, photo: &Photo) -> Result<Observation, Problem> {
    or_problem(predictor.observe_photo(photo))
}

/// What the network makes of a photo, to be pooled with others, and what the photo shows by itself.
///
/// # Errors
/// Those of [`diagnose`].
pub fn observe_and_judge(predictor: &Predictor, photo: &Photo) -> Result<(Observation, Prediction), Problem> {
    let observation = observe(predictor, photo)?;
    let prediction = predictor.judge(&observation);
    Ok((observation, prediction))
}

/// The same with the heat map of the first class.
///
/// # Errors
/// Those of [`diagnose`].
pub fn observe_and_explain(predictor: &Predictor, photo: &Photo) -> Result<(Observation, Prediction), Problem> {
    or_problem(predictor.explain_photo(photo))
}

/// Names what photos show together.
///
/// # Errors
/// Those of [`diagnose`].
pub fn judge_together(predictor: &Predictor, observations: &[Observation]) -> Result<Prediction, Problem> {
    or_problem(Observation::pool(observations).map_err(PredictError::from)).map(|pooled| predictor.judge(&pooled))
}

fn or_problem<T>(result: Result<T, PredictError>) -> Result<T, Problem> {
    result.map_err(|error| {
        tracing::error!(%error, "a prediction failed");
        Problem::new(ProblemKind::PredictionFailed, "the model could not answer this photo; try again later")
    })
}
