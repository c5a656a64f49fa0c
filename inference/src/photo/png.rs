//! PNG.

use std::io::Cursor;

use image::codecs::png::PngDecoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError};

use super::flatten::{extra_bytes, flatten};
use super::{Decoded, OtherFormat, PhotoError, PhotoLimits, exif};

/// The bytes between the signature and the size: the header's length and name (PNG, third edition, 5.3 and 11.2.1).
const HEADER: &[u8] = b"\0\0\0\x0dIHDR";
/// The chunk that Apple's tools put before the header.
const CGBI: &[u8] = b"CgBI";

/// The picture and its orientation.
///
/// # Errors
/// [`PhotoError`].
pub(super) fn decode(bytes: &[u8], limits: PhotoLimits) -> Result<(Decoded, Orientation), PhotoError> {
    if bytes.get(12..16) == Some(CGBI) {
        return Err(PhotoError::OtherFormat(OtherFormat::CgBi));
    }
    if let Some((width, height)) = size(bytes) {
        limits.check(width, height)?;
    }
    let mut decoder =
        PngDecoder::with_limits(Cursor::new(bytes), limits.for_decoder()).map_err(|error| refused(&error))?;
    let (width, height) = decoder.dimensions();
    limits.check(width, height)?;
    let pixels = u64::from(width) * u64::from(height);
    limits.check_memory(width, height, decoder.total_bytes() + pixels * extra_bytes(decoder.color_type()))?;
    decoder.set_limits(limits.for_decoder()).map_err(|error| refused(&error))?;
    let decoded = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
    Ok((Decoded::whole(flatten(decoded)), exif::orientation(exif_chunks(bytes))))
}

/// The EXIF blocks. They may follow the picture (PNG, third edition, 5.6), as those of ExifTool do; the decoder does not
/// look for them there.
fn exif_chunks(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes.get(8..).unwrap_or_default();
    let chunks = std::iter::from_fn(move || {
        let (length, after) = rest.split_first_chunk()?;
        let (name, after) = after.split_first_chunk::<4>()?;
        let (payload, after) = after.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        let (_checksum, after) = after.split_first_chunk::<4>()?;
        rest = after;
        Some((name, payload))
    });
    chunks.filter(|(name, _)| *name == b"eXIf").map(|(_, payload)| payload)
}

fn refused(error: &ImageError) -> PhotoError {
    PhotoError::of_decoder(error, "its PNG data cannot be read")
}

/// Width and height in the header, unchecked; `None` if the file does not start with a header.
///
/// On 32-bit targets the decoder refuses a huge picture as damaged before it reports the size.
fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes.get(8..)?.strip_prefix(HEADER)?;
    let (width, height) = header.get(..8)?.split_at(4);
    Some((u32::from_be_bytes(width.try_into().ok()?), u32::from_be_bytes(height.try_into().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

    #[test]
    fn only_a_header_has_a_size() {
        let sized = [SIGNATURE, HEADER, &60_000u32.to_be_bytes(), &7u32.to_be_bytes()].concat();
        assert_eq!(size(&sized), Some((60_000, 7)));
        assert_eq!(size(&sized[..sized.len() - 1]), None);
        assert_eq!(size(&[SIGNATURE, b"this is text, no header"].concat()), None);
    }

    #[test]
    fn a_png_of_an_iphone_app_is_named() {
        let cgbi = [SIGNATURE, b"\0\0\0\x04CgBI\x50\0\x20\x06", HEADER, &[0; 8]].concat();
        let error = decode(&cgbi, PhotoLimits::default()).unwrap_err();
        assert_eq!(error, PhotoError::OtherFormat(OtherFormat::CgBi));
    }
}
