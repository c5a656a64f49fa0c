//! Converts decoded pixels to RGB.

use image::{ColorType, DynamicImage, ImageBuffer, RgbImage, RgbaImage};

/// Additional bytes per pixel that [`flatten`] needs for a picture of that type.
pub(super) fn extra_bytes(color: ColorType) -> u64 {
    match color {
        ColorType::Rgb8 | ColorType::Rgba8 => 0,
        color if color.has_alpha() => 4,
        _ => 3,
    }
}

/// Converts to RGB, with transparency composed on white, as viewers do.
pub(super) fn flatten(decoded: DynamicImage) -> RgbImage {
    if decoded.color().has_alpha() { lay_on_white(decoded.into_rgba8()) } else { decoded.into_rgb8() }
}

/// Works in place: for a large picture there is not enough memory for a copy.
fn lay_on_white(rgba: RgbaImage) -> RgbImage {
    let (width, height) = rgba.dimensions();
    let mut bytes = rgba.into_raw();
    let pixels = bytes.len() / 4;
    for pixel in 0..pixels {
        let Some(&[r, g, b, alpha]) = bytes.get(4 * pixel..4 * pixel + 4) else {
            break;
        };
        let alpha = u32::from(alpha);
        let over_white = |c: u8| ((u32::from(c) * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
        bytes[3 * pixel..3 * pixel + 3].copy_from_slice(&[r, g, b].map(over_white));
    }
    bytes.truncate(3 * pixels);
    ImageBuffer::from_raw(width, height, bytes).unwrap_or_default()
}
