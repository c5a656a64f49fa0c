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

/// Bytes that the decoder takes for a pixel beside the picture: YUV and transparency of a lossy frame, ARGB of a lossless
/// one.
const EXTRA: [u64; 2] = [3, 4];

/// The picture, and which way up it is.
///
/// The decoder refuses files over slips of their writers that do not touch the picture, such as a flag for a chunk that
/// a tool took out. So it is given a file with the picture and nothing else.
///
/// # Errors
/// [`PhotoError`].
pub(super) fn decode(bytes: &[u8], limits: PhotoLimits) -> Result<(Decoded, Orientation), PhotoError> {
    let still = Still::read(bytes)?;
    let (width, height) = still.size;
    limits.check(width, height)?;
    let mut decoder = WebPDecoder::new(Cursor::new(still.file())).map_err(|error| refused(&error))?;
    let pixels = u64::from(width) * u64::from(height);
    let extra = EXTRA[usize::from(still.is_lossless)] + extra_bytes(decoder.color_type());
    limits.check_memory(width, height, decoder.total_bytes() + pixels * extra)?;
    decoder.set_limits(limits.for_decoder()).map_err(|error| refused(&error))?;
    let decoded = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
    Ok((Decoded::whole(flatten(decoded)), exif::orientation(still.exif.iter().copied())))
}

fn refused(error: &ImageError) -> PhotoError {
    PhotoError::of_decoder(error, "its WebP data cannot be read")
}
