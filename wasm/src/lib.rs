//! The predictor on the phone: [`mango_inference`] behind wasm-bindgen.

use mango_inference::{Backend, ModelBundle, Photo, Predictor};
use wasm_bindgen::prelude::*;

/// A model that answers photos.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Scout {
    predictor: Predictor,
}

#[wasm_bindgen]
impl Scout {
    /// Loads a model from its `manifest.json` and the bytes of its weights file.
    ///
    /// # Errors
    /// A JS `Error` that names the manifest's field which is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(manifest_json: &str, weights: Vec<u8>) -> Result<Scout, JsError> {
        let bundle = ModelBundle::new(manifest_json, weights)?;
        Ok(Self { predictor: Predictor::new(&bundle, Backend::default())? })
    }

    /// The `Prediction` of a JPEG, PNG or WebP photo, as JSON.
    ///
    /// # Errors
    /// A JS `Error` that says what is wrong with the photo.
    pub fn predict(&self, photo: &[u8]) -> Result<String, JsError> {
        let prediction = self.predictor.predict(&Photo::decode(photo)?)?;
        Ok(prediction.to_json())
    }
}
