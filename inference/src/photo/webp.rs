//! WebP.

mod chunks;
mod still;

use std::io::Cursor;

use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError};

use super::flatten::{extra_bytes, flatten};
use super::{Decoded, PhotoError, PhotoLimits, exif};
use still::Still;

/// The picture and its orientation.
///
/// The decoder refuses files for errors that do not affect the picture, such as a flag for a chunk that a tool removed.
/// So it gets a file that contains only the picture.
///
/// # Errors
/// [`PhotoError`].
pub(super) fn decode(bytes: &[u8], limits: PhotoLimits) -> Result<(Decoded, Orientation), PhotoError> {
    let still = Still::read(bytes)?;
    let (width, height) = still.size;
    limits.check(width, height)?;
    let mut decoder = WebPDecoder::new(Cursor::new(still.file())).map_err(|error| refused(&error))?;
    let pixels = u64::from(width) * u64::from(height);
    let color = decoder.color_type();
    let extra = working_bytes(still.is_lossless, color.has_alpha()) + extra_bytes(color);
    limits.check_memory(width, height, decoder.total_bytes() + pixels * extra)?;
    decoder.set_limits(limits.for_decoder()).map_err(|error| refused(&error))?;
    let decoded = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
    Ok((Decoded::whole(flatten(decoded)), exif::orientation(still.exif.iter().copied())))
}

/// Bytes per pixel that the decoder needs in addition to the picture.
fn working_bytes(is_lossless: bool, has_alpha: bool) -> u64 {
    match (is_lossless, has_alpha) {
        // Lossless without transparency is decoded in place.
        (true, true) => 0,
        // ARGB.
        (true, false) => 4,
        // YUV, with half the chroma in both directions, and its edges.
        (false, false) => 2,
        // The same, and the transparency as a separate lossless picture.
        (false, true) => 7,
    }
}

fn refused(error: &ImageError) -> PhotoError {
    PhotoError::of_decoder(error, "its WebP data cannot be read")
}
