//! A photo as phones send them.

use std::io::Cursor;

use anyhow::{Context, Result};
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

/// Width and height, pixels: the size to which the mini-program scales photos.
pub(crate) const SIZE: (u32, u32) = (640, 480);

/// JPEG quality, as phones use it.
const QUALITY: u8 = 85;

/// A JPEG of a drawn leaf with sensor noise, different for each number.
///
/// # Errors
/// It cannot be encoded.
pub(crate) fn jpeg(number: u32, (width, height): (u32, u32)) -> Result<Vec<u8>> {
    let mut noise = number.wrapping_mul(0x9E37_79B1) | 1;
    let picture = RgbImage::from_fn(width, height, |x, y| {
        // Marsaglia's xorshift.
        noise ^= noise << 13;
        noise ^= noise >> 17;
        noise ^= noise << 5;
        let grain = (noise % 13) as u8;
        let [u, v] = [(x, width), (y, height)].map(|(at, of)| at as f32 / of as f32 - 0.5);
        let (along, across) = (u + 0.2 * v, v - 0.2 * u);
        let spot = ((along * 23.0 + number as f32).sin() * (across * 31.0).cos()) > 0.8;
        let colour = match 0.3 * (1.0 - (along / 0.46).powi(2)) - across.abs() {
            ..0.0 => [196, 186, 168],
            _ if spot => [96, 70, 36],
            depth => [50 + (depth * 90.0) as u8, 110 + (depth * 120.0) as u8, 40],
        };
        Rgb(colour.map(|channel: u8| channel + grain))
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY)).context("cannot draw a leaf")?;
    Ok(bytes.into_inner())
}
