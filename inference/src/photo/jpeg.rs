//! JPEG.

use image::RgbImage;
use image::metadata::Orientation;
use mango_jpeg::{Error, Header};

use super::{Decoded, PhotoError, PhotoLimits, exif};

/// The picture, at the smallest scale that the limits' detail allows, and its orientation.
///
/// # Errors
/// [`PhotoError`].
pub(super) fn decode(bytes: &[u8], limits: PhotoLimits) -> Result<(Decoded, Orientation), PhotoError> {
    let header = Header::read(bytes).map_err(|error| refused(error, (0, 0)))?;
    let stored = (header.width(), header.height());
    limits.check(stored.0, stored.1)?;
    let scale = limits.detail.scale(stored.0, stored.1);
    let picture = header.decode(scale, limits.max_alloc).map_err(|error| refused(error, stored))?;
    let pixels = RgbImage::from_raw(picture.width, picture.height, picture.pixels)
        .ok_or_else(|| PhotoError::damaged("its size"))?;
    let decoded = Decoded { pixels, stored, scale: f64::from(scale.eighths()) / 8.0 };
    Ok((decoded, exif::orientation(header.exif().iter().copied())))
}

fn refused(error: Error, (width, height): (u32, u32)) -> PhotoError {
    match error {
        Error::Damaged(what) => PhotoError::damaged(what),
        Error::Lost => PhotoError::damaged("more than a quarter of it cannot be read"),
        Error::Memory(_) => PhotoError::TooMuchMemory { width, height },
        Error::Truncated => PhotoError::Truncated,
        Error::Unsupported(what) => PhotoError::Unsupported(what),
    }
}
