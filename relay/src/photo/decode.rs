//! Decoding of photos.

use std::panic::catch_unwind;

use mango_inference::{Photo, PhotoError, PhotoLimits, Predictor};

use crate::problem::Problem;

/// Decodes a photo.
///
/// A panic of a third-party decoder on hostile bytes is an error of the photo, not of the relay.
///
/// # Errors
/// The [`Problem`] with the photo.
pub fn decode(photo: &[u8]) -> Result<Photo, Problem> {
    decode_within(photo, PhotoLimits::default())
}

/// As [`decode`], with these limits.
///
/// # Errors
/// Those of [`decode`].
pub fn decode_within(photo: &[u8], limits: PhotoLimits) -> Result<Photo, Problem> {
    catch_unwind(|| Photo::decode_within(photo, limits))
        .unwrap_or_else(|_| Err(PhotoError::Damaged("its decoder failed".to_owned())))
        .map_err(|error| Problem::from(&error))
}

/// The default limits of a photo for that predictor.
#[must_use]
pub fn limits(predictor: &Predictor) -> PhotoLimits {
    PhotoLimits::default().with_detail(predictor.manifest().preprocessing.detail())
}
