//! A photo of an inference request.

use axum::body::Bytes;
use image::RgbImage;
use mango_inference::{Photo, PhotoLimits};

use crate::photo;
use crate::problem::{Problem, ProblemKind};

/// A photo that is not decoded yet.
#[derive(Debug)]
pub(super) enum Source {
    /// A file's bytes.
    File(Bytes),
    /// Upright pixels.
    Pixels {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
        /// `3 * width * height` bytes.
        rgb: Bytes,
    },
}

impl Source {
    /// Decodes the photo.
    ///
    /// # Errors
    /// The [`Problem`] with the photo.
    pub(super) fn open(&self, limits: PhotoLimits) -> Result<Photo, Problem> {
        match self {
            Self::File(bytes) => photo::decode_within(bytes, limits),
            Self::Pixels { width, height, rgb } => RgbImage::from_raw(*width, *height, rgb.to_vec())
                .map(Photo::from_pixels)
                .ok_or_else(|| Problem::new(ProblemKind::BadTensor, "the data of `pixels` are shorter than its shape")),
        }
    }
}
