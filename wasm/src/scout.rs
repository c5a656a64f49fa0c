//! A model that classifies photos.

use js_sys::Uint8Array;
use mango_inference::{
    Backend, Catalog, Gallery, Manifest, ModelBundle, Observation, Photo, PhotoLimits, PoolError, Predictor,
};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::embedded::Embedded;
use crate::failure::{self, Code};
use crate::gallery::OrchardGallery;

/// A loaded model with its galleries.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Scout {
    predictor: Predictor,
}

#[wasm_bindgen]
impl Scout {
    /// Loads a model from its `manifest.json`, the bytes of its weights file and, if there is one, of its gallery.
    ///
    /// # Errors
    /// `bad_manifest`, `bad_weights` or `bad_gallery` for the part that cannot be used.
    #[wasm_bindgen(constructor)]
    pub fn new(manifest_json: &str, weights: Vec<u8>, gallery: Option<Vec<u8>>) -> Result<Scout, JsValue> {
        let manifest = Manifest::parse(manifest_json).map_err(|error| Code::Manifest.error(&error))?;
        let bundle = ModelBundle::from_parts(manifest, weights).map_err(|error| Code::Weights.error(&error))?;
        let predictor = Predictor::new(&bundle, Backend::default()).map_err(|error| Code::Weights.error(&error))?;
        let galleries: Vec<Gallery> = gallery.into_iter().map(|bytes| parse(&bytes)).collect::<Result<_, _>>()?;
        let predictor = predictor.with_galleries(&galleries).map_err(|error| failure::gallery_use(&error))?;
        Ok(Self { predictor })
    }

    /// Sets the guilds of classes from `catalog.json`, so that a prediction that is unsure of the class can name its
    /// guild.
    ///
    /// # Errors
    /// `bad_catalog`.
    #[wasm_bindgen(js_name = useCatalog)]
    pub fn use_catalog(&mut self, catalog_json: &str) -> Result<(), JsValue> {
        let catalog = Catalog::parse(catalog_json).map_err(|error| Code::Catalog.error(&error))?;
        self.predictor = self.predictor.clone().with_guilds(&catalog);
        Ok(())
    }

    /// Ranks these galleries' classes too, instead of those used before.
    ///
    /// # Errors
    /// `bad_gallery` for bytes that are not a gallery, a gallery of another model, or two that contradict each other;
    /// the galleries used before stay.
    #[wasm_bindgen(js_name = useGalleries)]
    pub fn use_galleries(&mut self, galleries: Vec<Uint8Array>) -> Result<(), JsValue> {
        let galleries: Vec<Gallery> =
            galleries.into_iter().map(|bytes| parse(&bytes.to_vec())).collect::<Result<_, _>>()?;
        self.predictor =
            self.predictor.clone().with_galleries(&galleries).map_err(|error| failure::gallery_use(&error))?;
        Ok(())
    }

    /// The `Prediction` of a JPEG, PNG or WebP photo, as JSON, on request with the heat map of its first class.
    ///
    /// # Errors
    /// `photo_empty`, `not_a_photo`, `photo_cut_off`, `photo_damaged`, `photo_too_large`; `prediction_failed` if the
    /// model fails.
    pub fn predict(&self, photo: &[u8], explain: bool) -> Result<String, JsValue> {
        let photo = self.decode(photo)?;
        let prediction = if explain { self.predictor.explain(&photo) } else { self.predictor.predict(&photo) };
        Ok(prediction.map_err(|error| failure::predict(&error))?.to_json())
    }

    /// The joint `Prediction` of one to six photos of the same plant, as JSON. Their order does not matter.
    ///
    /// # Errors
    /// `bad_argument` for another number of photos, and those of [`Scout::predict`].
    #[wasm_bindgen(js_name = predictMany)]
    pub fn predict_many(&self, photos: Vec<Uint8Array>) -> Result<String, JsValue> {
        PoolError::check_count(photos.len()).map_err(|error| Code::Argument.error(&error))?;
        let mut observations = Vec::with_capacity(photos.len());
        for photo in photos {
            // One photo is decoded at a time: six would not fit into a phone's memory.
            let photo = self.decode(&photo.to_vec())?;
            observations.push(self.predictor.observe_photo(&photo).map_err(|error| failure::predict(&error))?);
        }
        let pooled = Observation::pool(&observations).map_err(|error| Code::PredictionFailed.error(&error))?;
        Ok(self.predictor.classify(&pooled).to_json())
    }

    /// Embeds a photo for a gallery.
    ///
    /// # Errors
    /// Those of [`Scout::predict`].
    pub fn embed(&self, photo: &[u8]) -> Result<Embedded, JsValue> {
        Embedded::of(&self.predictor, photo)
    }

    /// An empty gallery for this model's embedding.
    #[wasm_bindgen(js_name = newGallery)]
    #[must_use]
    pub fn new_gallery(&self) -> OrchardGallery {
        OrchardGallery::empty(self.predictor.embedding_id())
    }

    /// Identifies the model's embedding: a gallery of another embedding cannot be used.
    #[wasm_bindgen(getter, js_name = embeddingId)]
    #[must_use]
    pub fn embedding_id(&self) -> String {
        self.predictor.embedding_id().to_string()
    }

    /// The model's name, such as `leaf-mini`.
    #[wasm_bindgen(getter, js_name = modelName)]
    #[must_use]
    pub fn model_name(&self) -> String {
        self.predictor.manifest().model.name.clone()
    }

    /// The model's version, such as `0.1.0`.
    #[wasm_bindgen(getter, js_name = modelVersion)]
    #[must_use]
    pub fn model_version(&self) -> String {
        self.predictor.manifest().model.version.clone()
    }
}

fn parse(bytes: &[u8]) -> Result<Gallery, JsValue> {
    Gallery::parse(bytes).map_err(|error| Code::Gallery.error(&error))
}

impl Scout {
    fn decode(&self, bytes: &[u8]) -> Result<Photo, JsValue> {
        let limits = PhotoLimits::default().with_detail(self.predictor.manifest().preprocessing.detail());
        Photo::decode_within(bytes, limits).map_err(|error| failure::photo(&error))
    }
}
