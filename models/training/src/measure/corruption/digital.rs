//! Artefacts of resizing and compression.

use image::codecs::jpeg::JpegEncoder;
use image::{ImageFormat, RgbImage};

use crate::views::resize;

/// Downscales each side to that share and enlarges by repeating pixels.
pub(super) fn pixelate(photo: &RgbImage, share: f32) -> RgbImage {
    let side = |side: u32| ((side as f32 * share) as u32).max(1);
    let small = resize::to(photo, side(photo.width()), side(photo.height()));
    RgbImage::from_fn(photo.width(), photo.height(), |x, y| {
        *small.get_pixel(x * small.width() / photo.width(), y * small.height() / photo.height())
    })
}

/// Encodes and decodes as JPEG at that quality.
pub(super) fn jpeg(photo: &RgbImage, quality: u8) -> RgbImage {
    let mut bytes = Vec::new();
    let encoded = JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(photo);
    let decoded = encoded.and_then(|()| image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg));
    // In memory, with sides within JPEG's limit of 65,535 pixels: this cannot fail.
    decoded.map_or_else(|_| photo.clone(), image::DynamicImage::into_rgb8)
}
