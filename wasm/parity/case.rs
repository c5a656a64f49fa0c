//! What the native build makes of a photo, for the wasm build to be held to.

use serde::{Deserialize, Serialize};

/// A photo and what leaf-mini makes of it natively.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Case {
    /// What the photo is.
    pub(crate) name: String,
    /// Its file.
    pub(crate) photo: Vec<u8>,
    /// The network's input, decoded, upright and resized: RGB, row by row.
    pub(crate) pixels: Vec<u8>,
    /// A number a class, before temperature and softmax.
    pub(crate) logits: Vec<f32>,
}

/// A network of any shape, and what it makes of the first photo natively.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct NetworkCase {
    /// `manifest.json` of its bundle.
    pub(crate) manifest: String,
    /// The bundle's weights file.
    pub(crate) weights: Vec<u8>,
    /// A number a class.
    pub(crate) logits: Vec<f32>,
    /// The means of every map's channels.
    pub(crate) embedding: Vec<f32>,
}
