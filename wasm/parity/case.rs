//! Results of the native build, with which the wasm build is compared.

use serde::{Deserialize, Serialize};

/// A photo and leaf-mini's native result for it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Case {
    /// A description of the photo.
    pub(crate) name: String,
    /// Its file.
    pub(crate) photo: Vec<u8>,
    /// The inputs of all crops, decoded, upright and resized: RGB, row by row.
    pub(crate) pixels: Vec<u8>,
    /// One logit per class, before temperature and softmax.
    pub(crate) logits: Vec<f32>,
}

/// A network of a random architecture, and its native result for the first photo.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct NetworkCase {
    /// `manifest.json` of its bundle.
    pub(crate) manifest: String,
    /// The bundle's weights file.
    pub(crate) weights: Vec<u8>,
    /// One logit per class.
    pub(crate) logits: Vec<f32>,
    /// The means of every feature map's channels.
    pub(crate) embedding: Vec<f32>,
}
