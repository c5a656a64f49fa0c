//! The resize with SIMD, by `fast_image_resize`.

use std::cell::RefCell;

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::RgbImage;

use crate::preprocess::ResizeError;

thread_local! {
    /// Keeps its buffers between photos.
    static RESIZER: RefCell<Resizer> = RefCell::new(Resizer::new());
}

/// The part `[left, top, width, height]` of a photo, in pixels, as RGB of `size` x `size` pixels.
///
/// # Errors
/// The part is outside of the photo.
pub(in super::super) fn resize(photo: &RgbImage, part: [f64; 4], size: u32) -> Result<Vec<u8>, ResizeError> {
    let [left, top, width, height] = part;
    // Statically typed, so that only this type's code is part of the phone's module.
    let source = TypedImageRef::<U8x3>::from_buffer(photo.width(), photo.height(), photo.as_raw())
        .map_err(|error| ResizeError(error.to_string()))?;
    let mut pixels = vec![0; 3 * size as usize * size as usize];
    let mut target =
        TypedImage::<U8x3>::from_buffer(size, size, &mut pixels).map_err(|error| ResizeError(error.to_string()))?;
    let options =
        ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear)).crop(left, top, width, height);
    RESIZER
        .with_borrow_mut(|resizer| resizer.resize_typed(&source, &mut target, &options))
        .map_err(|error| ResizeError(error.to_string()))?;
    Ok(pixels)
}
