//! Resizing with a triangle filter, like the predictor.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::RgbImage;

/// The picture at that size, with sides of at least one pixel.
#[must_use]
pub fn to(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    let whole = [0.0, 0.0, f64::from(picture.width()), f64::from(picture.height())];
    crop_to(picture, whole, (width, height))
}

/// The picture with its shorter side resized to `side` pixels.
#[must_use]
pub fn short_side(picture: &RgbImage, side: u32) -> RgbImage {
    let scale = f64::from(side) / f64::from(picture.width().min(picture.height()).max(1));
    let scaled = |length: u32| (f64::from(length) * scale).round() as u32;
    to(picture, scaled(picture.width()), scaled(picture.height()))
}

/// `[left, top, width, height]` of the picture, which must be inside it, at that size.
pub(crate) fn crop_to(picture: &RgbImage, crop: [f64; 4], (width, height): (u32, u32)) -> RgbImage {
    let (width, height) = (width.max(1), height.max(1));
    let [left, top, crop_width, crop_height] = crop;
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear)).crop(
        left,
        top,
        crop_width,
        crop_height,
    );
    let mut target = Image::new(width, height, PixelType::U8x3);
    let resized = ImageRef::new(picture.width(), picture.height(), picture.as_raw(), PixelType::U8x3)
        .ok()
        .and_then(|source| Resizer::new().resize(&source, &mut target, &options).ok())
        .and_then(|()| RgbImage::from_raw(width, height, target.into_vec()));
    // Fails only for a picture without pixels or a crop outside of it, which callers never pass.
    resized.unwrap_or_else(|| RgbImage::new(width, height))
}
