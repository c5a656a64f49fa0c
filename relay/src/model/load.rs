//! Loading of the model.

use mango_inference::{
    Backend, BundleError, Catalog, CatalogError, Gallery, GalleryFileError, ModelBundle, Predictor, UseError,
};

use super::args::ModelArgs;

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
        include_str!("../../../models/leaf-lite0/manifest.json"),
        include_bytes!("../../../models/leaf-lite0/weights.bpk").as_slice(),
    )
}

/// The few-photo pest classes of the model of [`embedded`], `models/gallery/mango-pests`.
///
/// # Errors
/// Those of [`Gallery::parse`]; a test ensures that they do not occur in a release.
pub fn embedded_gallery() -> Result<Gallery, GalleryFileError> {
    Gallery::parse(include_bytes!("../../../models/gallery/mango-pests/leaf-lite0.gallery"))
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
