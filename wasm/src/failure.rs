//! Failures in JavaScript: an `Error` with a `code` for programs and a message for people.

use std::fmt::Display;

use mango_inference::{PhotoError, PredictError, UseError};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// JavaScript's `Error`, with the `code` that Node's own errors have.
    #[wasm_bindgen(js_name = Error)]
    type CodedError;

    #[wasm_bindgen(constructor, js_class = Error)]
    fn new(message: &str) -> CodedError;

    #[wasm_bindgen(method, setter)]
    fn set_code(this: &CodedError, code: &str);
}

/// The codes. They are part of the package's API and stable. The codes for photos are the relay's problem types, with
/// `_` for `-`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    Argument,
    Catalog,
    Gallery,
    GalleryChange,
    Manifest,
    NotAPhoto,
    PhotoCutOff,
    PhotoDamaged,
    PhotoEmpty,
    PhotoTooLarge,
    PredictionFailed,
    Weights,
}

impl Code {
    fn name(self) -> &'static str {
        match self {
            Self::Argument => "bad_argument",
            Self::Catalog => "bad_catalog",
            Self::Gallery => "bad_gallery",
            Self::GalleryChange => "gallery_refuses",
            Self::Manifest => "bad_manifest",
            Self::NotAPhoto => "not_a_photo",
            Self::PhotoCutOff => "photo_cut_off",
            Self::PhotoDamaged => "photo_damaged",
            Self::PhotoEmpty => "photo_empty",
            Self::PhotoTooLarge => "photo_too_large",
            Self::PredictionFailed => "prediction_failed",
            Self::Weights => "bad_weights",
        }
    }

    /// An `Error` of this code.
    pub(crate) fn error(self, message: &impl Display) -> JsValue {
        let error = CodedError::new(&message.to_string());
        error.set_code(self.name());
        error.into()
    }
}

/// The error for a photo that was refused.
pub(crate) fn photo(error: &PhotoError) -> JsValue {
    let code = match error {
        PhotoError::Damaged(_) => Code::PhotoDamaged,
        PhotoError::Empty => Code::PhotoEmpty,
        PhotoError::TooLarge { .. } | PhotoError::TooMuchMemory { .. } => Code::PhotoTooLarge,
        PhotoError::Truncated => Code::PhotoCutOff,
        PhotoError::OtherFormat(_) | PhotoError::UnknownFormat | PhotoError::Unsupported(_) => Code::NotAPhoto,
    };
    code.error(error)
}

/// The error for a prediction that failed.
pub(crate) fn predict(error: &PredictError) -> JsValue {
    let code = match error {
        PredictError::Pool(_) => Code::Argument,
        _ => Code::PredictionFailed,
    };
    code.error(error)
}

/// The error for a gallery that the model cannot use.
pub(crate) fn gallery_use(error: &UseError) -> JsValue {
    match error {
        UseError::Predict(error) => predict(error),
        error => Code::Gallery.error(error),
    }
}
