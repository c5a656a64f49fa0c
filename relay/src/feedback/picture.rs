//! The picture of a record.

use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::thumbnail;
use mango_inference::{Detail, PhotoLimits};

use crate::photo;
use crate::problem::{Problem, ProblemKind};

/// Longest side that is kept, pixels: more than any model looks at.
const LONGEST_SIDE: u32 = 1280;
/// JPEG quality, of 100.
const QUALITY: u8 = 90;

/// Decodes an uploaded photo within `limits` and encodes its upright pixels as a JPEG of at most 1280 pixels a side. The
/// JPEG has pixels only: no EXIF, no colour profile, no comment.
///
/// # Errors
/// Those of [`photo::decode`]; [`ProblemKind::Internal`] if the pixels cannot be encoded.
pub(crate) fn kept_picture(photo: &[u8], limits: PhotoLimits) -> Result<Vec<u8>, Problem> {
    let limits = limits.with_detail(Detail::shorter_side(LONGEST_SIDE.into()));
    let photo = photo::decode_within(photo, limits)?;
    encoded(&shrunk(photo.pixels())).map_err(|error| {
        tracing::error!(%error, "cannot encode a photo for the feedback");
        Problem::new(ProblemKind::Internal, "the photo could not be stored; try again later")
    })
}

/// The picture, scaled down by averaging if it is larger than [`LONGEST_SIDE`].
fn shrunk(pixels: &RgbImage) -> RgbImage {
    let (width, height) = pixels.dimensions();
    let longest = width.max(height);
    if longest <= LONGEST_SIDE {
        return pixels.clone();
    }
    let side = |side: u32| {
        let scaled = u64::from(side) * u64::from(LONGEST_SIDE) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(LONGEST_SIDE).max(1)
    };
    thumbnail(pixels, side(width), side(height))
}

fn encoded(pixels: &RgbImage) -> image::ImageResult<Vec<u8>> {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(pixels)?;
    Ok(jpeg)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageFormat, Rgb};
    use mango_inference::Photo;
    use std::io::Cursor;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let picture = RgbImage::from_fn(width, height, |x, y| Rgb([x as u8, y as u8, 90]));
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_large_photo_is_scaled_and_a_small_one_keeps_its_size() {
        for (size, kept) in
            [((2600, 1300), (1280, 640)), ((300, 4000), (96, 1280)), ((96, 64), (96, 64)), ((1, 9000), (1, 1280))]
        {
            let jpeg = kept_picture(&png(size.0, size.1), PhotoLimits::default()).unwrap();
            assert_eq!(Photo::decode(&jpeg).unwrap().pixels().dimensions(), kept);
        }
    }

    #[test]
    fn the_picture_is_upright_and_has_no_metadata() {
        // A JPEG whose EXIF says that it is to be turned by 90 degrees, with a maker's name.
        let plain = encoded(&RgbImage::from_pixel(40, 20, Rgb([9, 99, 9]))).unwrap();
        let exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x02\x01\x0f\0\x02\0\0\0\x08\0\0\0\x26\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0SECRETS\0";
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let photo = [&plain[..2], &[0xff, 0xe1], &length, exif, &plain[2..]].concat();
        let jpeg = kept_picture(&photo, PhotoLimits::default()).unwrap();
        assert_eq!(Photo::decode(&jpeg).unwrap().pixels().dimensions(), (20, 40));
        let holds = |text: &[u8]| jpeg.windows(text.len()).any(|window| window == text);
        assert!(!holds(b"Exif") && !holds(b"SECRETS"));
    }

    #[test]
    fn what_is_no_photo_is_refused_as_for_a_prediction() {
        assert_eq!(kept_picture(b"text", PhotoLimits::default()).unwrap_err().kind(), ProblemKind::NotAPhoto);
        let limits = PhotoLimits { max_pixels: 100, ..PhotoLimits::default() };
        assert_eq!(kept_picture(&png(20, 20), limits).unwrap_err().kind(), ProblemKind::PhotoTooLarge);
    }
}
