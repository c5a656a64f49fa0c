//! The model that phones download and run: its files, and the self-test that a phone has to reproduce before it uses
//! them.

mod leaf;
mod self_test;

pub use self_test::{Expected, SelfTest, SelfTestError};

use std::path::Path;

use mango_inference::{BundleError, EmbeddingId, Gallery, GalleryFileError, ModelBundle, ModelId, UseError};

use super::gallery_file::{self, GalleryError};
use super::load::{LoadError, Model};

/// File name of the gallery in a folder of a model for phones.
const GALLERY: &str = "pests.gallery";

/// A model for phones that passed its self-test.
#[derive(Clone, Debug)]
pub struct DeviceModel {
    /// Its name and version.
    pub id: ModelId,
    /// The id of its embedding.
    pub embedding: EmbeddingId,
    /// The text of its `manifest.json`.
    pub manifest: String,
    /// Its weights file.
    pub weights: Vec<u8>,
    /// Its gallery.
    pub gallery: Option<Vec<u8>>,
    /// The self-test with the relay's own result.
    pub self_test: SelfTest,
}

impl DeviceModel {
    /// Loads the model from a folder, which may have a `pests.gallery`, or else the built-in one, and runs the
    /// self-test on it.
    ///
    /// # Errors
    /// [`DeviceModelError`] names the faulty part.
    pub fn load(folder: Option<&Path>) -> Result<Self, DeviceModelError> {
        let bundle = folder.map_or_else(embedded, ModelBundle::load).map_err(LoadError::from)?;
        let model = Model::new(&bundle, Vec::new())?;
        let gallery = match folder {
            Some(folder) => gallery_in(folder, &model)?,
            None => Some(embedded_gallery().map_err(LoadError::from)?),
        };
        let predictor = model.with(gallery.as_slice())?;
        Ok(Self {
            id: bundle.manifest().model.clone(),
            embedding: predictor.embedding_id(),
            manifest: bundle.manifest().to_json(),
            weights: bundle.weights().to_vec(),
            gallery: gallery.map(|gallery| gallery.encode()),
            self_test: SelfTest::of(&predictor)?,
        })
    }
}

/// The built-in model for phones, `models/leaf-mini`.
fn embedded() -> Result<ModelBundle, BundleError> {
    ModelBundle::new(
        include_str!("../../../models/leaf-mini/manifest.json"),
        include_bytes!("../../../models/leaf-mini/weights.bpk").as_slice(),
    )
}

/// The few-photo pest classes of the model of [`embedded`], `models/gallery/mango-pests`.
fn embedded_gallery() -> Result<Gallery, GalleryFileError> {
    Gallery::parse(include_bytes!("../../../models/gallery/mango-pests/leaf-mini.gallery"))
}

fn gallery_in(folder: &Path, model: &Model) -> Result<Option<Gallery>, GalleryError> {
    match gallery_file::load(&folder.join(GALLERY), model) {
        Ok(gallery) => Ok(Some(gallery)),
        Err(GalleryError::Missing { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A model that cannot be offered to phones.
#[derive(Debug, thiserror::Error)]
pub enum DeviceModelError {
    /// The gallery in its folder cannot be used.
    #[error(transparent)]
    Gallery(#[from] GalleryError),
    /// The model cannot be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The self-test failed.
    #[error(transparent)]
    SelfTest(#[from] SelfTestError),
    /// Model and gallery do not match.
    #[error(transparent)]
    Use(#[from] UseError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_files_are_those_of_the_repository() {
        let model = DeviceModel::load(None).unwrap();
        assert_eq!(model.manifest, include_str!("../../../models/leaf-mini/manifest.json"));
        assert_eq!(model.weights, include_bytes!("../../../models/leaf-mini/weights.bpk"));
        assert_eq!(model.gallery.unwrap(), include_bytes!("../../../models/gallery/mango-pests/leaf-mini.gallery"));
    }
}
