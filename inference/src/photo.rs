//! Decodes photos to upright RGB pixels, within limits.

mod detail;
mod error;
mod exif;
mod flatten;
mod jpeg;
mod other_format;
mod png;
mod turn;
mod webp;

use std::sync::OnceLock;

use image::metadata::Orientation;
use image::{ImageFormat, RgbImage};

use crate::timing;
pub use detail::Detail;
pub use error::PhotoError;
pub use other_format::OtherFormat;
pub(crate) use turn::Turn;

/// Limits of decoding, and the size that is needed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PhotoLimits {
    /// Maximum of width times height in the header.
    pub max_pixels: u64,
    /// Maximum memory of decoding in bytes, including the decoded picture and excluding the file.
    pub max_alloc: u64,
    /// The size at which a JPEG is decoded. PNG and WebP are decoded at full size.
    pub detail: Detail,
}

impl PhotoLimits {
    /// The upper bound intended for [`PhotoLimits::max_pixels`]: the largest photos that phones take.
    pub const MOST_PIXELS: u64 = 200_000_000;
}

impl Default for PhotoLimits {
    /// 50 megapixels (phones take 12, 24 or 48 by default), 275 MiB (enough for a PNG of that size with transparency,
    /// or for one of 24 megapixels with 16 bits per channel), and full size.
    fn default() -> Self {
        Self { max_pixels: 50_000_000, max_alloc: 275 << 20, detail: Detail::ALL }
    }
}

/// An upright photo: RGB, 8 bits per channel, transparency on white, oriented by its EXIF block.
///
/// It is kept in memory in its stored orientation, possibly scaled: see [`PhotoLimits::detail`]. Phones store large
/// photos, mostly sideways; rotating a whole photo would double the memory, and the network needs only a small input.
#[derive(Clone, Debug)]
pub struct Photo {
    decoded: Decoded,
    turn: Turn,
    /// The upright pixels, computed on first use.
    upright: OnceLock<RgbImage>,
}

/// A picture in its stored orientation, possibly scaled.
#[derive(Clone, Debug)]
struct Decoded {
    pixels: RgbImage,
    /// Width and height of the picture in the file.
    stored: (u32, u32),
    /// Decoded pixels per stored pixel, in each direction: at most 1.
    scale: f64,
}

impl Decoded {
    fn whole(pixels: RgbImage) -> Self {
        Self { stored: pixels.dimensions(), pixels, scale: 1.0 }
    }
}

impl Photo {
    /// Decodes a JPEG, PNG or WebP file under the default [`PhotoLimits`].
    ///
    /// # Errors
    /// Those of [`Photo::decode_within`].
    pub fn decode(bytes: &[u8]) -> Result<Self, PhotoError> {
        Self::decode_within(bytes, PhotoLimits::default())
    }

    /// Decodes a JPEG, PNG or WebP file. The format is detected by the first bytes; the file name does not matter.
    ///
    /// The header is read first: a photo over `limits` is refused before any pixel is decoded. Animated WebP is
    /// refused; for an animated PNG the default image is used.
    ///
    /// # Errors
    /// See [`PhotoError`]; every variant is a fault of the photo.
    pub fn decode_within(bytes: &[u8], limits: PhotoLimits) -> Result<Self, PhotoError> {
        let _timing = timing::record();
        timing::step(|| (format!("decode {} kB", bytes.len() / 1000), None), || Self::read(bytes, limits))
    }

    fn read(bytes: &[u8], limits: PhotoLimits) -> Result<Self, PhotoError> {
        if bytes.is_empty() {
            return Err(PhotoError::Empty);
        }
        let (decoded, orientation) = match image::guess_format(bytes) {
            Ok(ImageFormat::Jpeg) => jpeg::decode(bytes, limits)?,
            Ok(ImageFormat::Png) => png::decode(bytes, limits)?,
            Ok(ImageFormat::WebP) => webp::decode(bytes, limits)?,
            _ => return Err(OtherFormat::of(bytes).map_or(PhotoError::UnknownFormat, PhotoError::OtherFormat)),
        };
        Ok(Self { decoded, turn: Turn::new(orientation), upright: OnceLock::new() })
    }

    /// A photo from pixels that are already upright.
    #[must_use]
    pub fn from_pixels(pixels: RgbImage) -> Self {
        let turn = Turn::new(Orientation::NoTransforms);
        Self { decoded: Decoded::whole(pixels), turn, upright: OnceLock::new() }
    }

    /// Width in pixels of the photo in the file, upright.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.turn.size(self.decoded.stored).0
    }

    /// Height in pixels of the photo in the file, upright.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.turn.size(self.decoded.stored).1
    }

    /// The upright pixels: fewer than [`Photo::width`] times [`Photo::height`] if the photo was decoded at a smaller
    /// size. For a photo that was stored in another orientation this is a copy, made on first use.
    #[must_use]
    pub fn pixels(&self) -> &RgbImage {
        if self.turn.is_none() {
            return &self.decoded.pixels;
        }
        self.upright.get_or_init(|| self.turn.apply(self.decoded.pixels.clone()))
    }

    /// The pixels in their stored orientation, the transformation that makes them upright, and the position in them of
    /// `[left, top, width, height]` of the upright photo.
    pub(crate) fn area(&self, upright: [f64; 4]) -> (&RgbImage, Turn, [f64; 4]) {
        let Decoded { pixels, stored, scale } = &self.decoded;
        (pixels, self.turn, self.turn.area(upright, *stored).map(|side| side * scale))
    }
}

impl PartialEq for Photo {
    fn eq(&self, other: &Self) -> bool {
        self.pixels() == other.pixels()
    }
}

impl Eq for Photo {}

impl PhotoLimits {
    /// The same limits, with a photo decoded at that size.
    #[must_use]
    pub fn with_detail(self, detail: Detail) -> Self {
        Self { detail, ..self }
    }

    fn check(self, width: u32, height: u32) -> Result<(), PhotoError> {
        if u64::from(width) * u64::from(height) > self.max_pixels {
            return Err(PhotoError::TooLarge { width, height, max_pixels: self.max_pixels });
        }
        Ok(())
    }

    /// Refuses a photo of that size if decoding it takes more than the limit.
    fn check_memory(self, width: u32, height: u32, bytes: u64) -> Result<(), PhotoError> {
        if bytes > self.max_alloc {
            return Err(PhotoError::TooMuchMemory { width, height });
        }
        Ok(())
    }

    fn for_decoder(self) -> image::Limits {
        let mut limits = image::Limits::no_limits();
        limits.max_alloc = Some(self.max_alloc);
        limits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, Rgb, Rgba, RgbaImage};
    use std::io::Cursor;

    fn encode(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn gradient(width: u32, height: u32) -> DynamicImage {
        RgbImage::from_fn(width, height, |x, y| Rgb([(x * 255 / width) as u8, (y * 255 / height) as u8, 90])).into()
    }

    #[test]
    fn the_three_formats_are_detected_by_their_bytes() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let photo = Photo::decode(&encode(&gradient(33, 17), format)).unwrap();
            assert_eq!((photo.width(), photo.height()), (33, 17), "{format:?}");
        }
    }

    #[test]
    fn every_truncated_file_of_every_format_is_refused() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let bytes = encode(&gradient(64, 48), format);
            for cut in [1, 7, bytes.len() / 4, bytes.len() / 2, bytes.len() - 20] {
                let error = Photo::decode(&bytes[..cut]).unwrap_err();
                assert!(!matches!(error, PhotoError::TooLarge { .. }), "{format:?} cut at {cut}: {error}");
            }
        }
    }

    #[test]
    fn half_a_jpeg_is_reported_as_truncated() {
        let bytes = encode(&gradient(64, 48), ImageFormat::Jpeg);
        let error = Photo::decode(&bytes[..bytes.len() / 2]).unwrap_err();
        assert!(matches!(error, PhotoError::Truncated), "{error}");
    }

    #[test]
    fn size_is_checked_before_decoding() {
        let limits = PhotoLimits { max_pixels: 99, ..PhotoLimits::default() };
        let error = Photo::decode_within(&encode(&gradient(10, 10), ImageFormat::Png), limits).unwrap_err();
        assert!(matches!(error, PhotoError::TooLarge { width: 10, height: 10, .. }), "{error}");
    }

    #[test]
    fn transparency_becomes_white() {
        let clear = RgbaImage::from_pixel(3, 3, Rgba([200, 10, 10, 0]));
        let photo = Photo::decode(&encode(&clear.into(), ImageFormat::Png)).unwrap();
        assert_eq!(photo.pixels().get_pixel(1, 1), &Rgb([255, 255, 255]));
    }

    #[test]
    fn text_and_nothing_are_not_photos() {
        assert!(matches!(Photo::decode(b"").unwrap_err(), PhotoError::Empty));
        assert!(matches!(Photo::decode(b"hello, I am a leaf").unwrap_err(), PhotoError::UnknownFormat));
    }
}
