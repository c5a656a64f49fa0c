//! An embedded photo for a gallery.

use mango_inference::{EmbeddingId, Photo, PhotoKey, PhotoLimits, Predictor, StoredEmbedding};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::failure;

/// The hash and the embedding of a photo, as stored in a gallery.
#[wasm_bindgen]
#[derive(Clone, Debug)]
pub struct Embedded {
    pub(crate) of: EmbeddingId,
    pub(crate) key: PhotoKey,
    pub(crate) embedding: StoredEmbedding,
}

#[wasm_bindgen]
impl Embedded {
    /// The photo's key in a gallery: the sha256 of its file, as 64 hexadecimal digits.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn key(&self) -> String {
        self.key.to_string()
    }
}

impl Embedded {
    /// Embeds a photo.
    pub(crate) fn of(predictor: &Predictor, bytes: &[u8]) -> Result<Self, JsValue> {
        let limits = PhotoLimits::default().with_detail(predictor.manifest().preprocessing.embedding_detail());
        let photo = Photo::decode_within(bytes, limits).map_err(|error| failure::photo(&error))?;
        let embedding = predictor.embed(&photo).map_err(|error| failure::predict(&error))?;
        Ok(Self { of: predictor.embedding_id(), key: PhotoKey::of(bytes), embedding })
    }
}
