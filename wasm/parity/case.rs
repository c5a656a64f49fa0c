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
