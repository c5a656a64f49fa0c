//! Photo bytes become upright RGB pixels, within limits.

mod jpeg;
mod png;
mod turn;
mod webp;

use std::io::Cursor;
use std::sync::OnceLock;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, RgbImage};

use crate::one_line::one_line;
use crate::timing;
pub(crate) use turn::Turn;

/// What a photo may cost before it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhotoLimits {
    /// Width times height that the header may declare. A decoder works with up to 11 bytes a pixel.
    pub max_pixels: u64,
    /// Bytes of the decoded picture before it is brought down to 8 bits a channel; PNG's decoder keeps all its memory
    /// under it.
    pub max_alloc: u64,
}

impl Default for PhotoLimits {
    /// 24 megapixels (twice a common phone camera) and 256 MiB (16-bit RGBA at that size fits).
    fn default() -> Self {
        Self { max_pixels: 24_000_000, max_alloc: 256 << 20 }
    }
}

/// An upright photo: RGB, 8 bits a channel, transparency laid on white, turned as its EXIF block says.
///
/// It lies in memory as it was stored. A phone's photos are large and mostly lie on their side; to turn one whole would
/// take as much memory again, and what a network sees of it is small.
#[derive(Clone, Debug)]
pub struct Photo {
    stored: RgbImage,
    turn: Turn,
    /// Made when it is asked for.
    upright: OnceLock<RgbImage>,
}

impl Photo {
    /// Decodes a JPEG, PNG or WebP file under the default [`PhotoLimits`].
    ///
    /// # Errors
    /// Those of [`Photo::decode_within`].
    pub fn decode(bytes: &[u8]) -> Result<Self, PhotoError> {
        Self::decode_within(bytes, PhotoLimits::default())
    }

    /// Decodes a JPEG, PNG or WebP file, told apart by their first bytes, whatever the file is called.
    ///
    /// The header is read first: a photo over `limits` is refused before any pixel is decoded. Animated WebP is
    /// refused; of an animated PNG the default image is taken.
    ///
    /// # Errors
    /// See [`PhotoError`]; every variant is the sender's to mend.
    pub fn decode_within(bytes: &[u8], limits: PhotoLimits) -> Result<Self, PhotoError> {
        timing::step(|| (format!("decode {} kB", bytes.len() / 1000), None), || Self::read(bytes, limits))
            .inspect_err(|_| timing::forget())
    }

    fn read(bytes: &[u8], limits: PhotoLimits) -> Result<Self, PhotoError> {
        if bytes.is_empty() {
            return Err(PhotoError::Empty);
        }
        match image::guess_format(bytes) {
            Ok(ImageFormat::Jpeg) => {
                jpeg::check_complete(bytes)?;
                let decoder = image::codecs::jpeg::JpegDecoder::new(Cursor::new(bytes))?;
                Self::decode_with(decoder, limits)
            }
            Ok(ImageFormat::Png) => {
                if let Some((width, height)) = png::size(bytes) {
                    limits.check(width, height)?;
                }
                let decoder = image::codecs::png::PngDecoder::with_limits(Cursor::new(bytes), limits.for_decoder())?;
                Self::decode_with(decoder, limits)
            }
            Ok(ImageFormat::WebP) => {
                webp::check_chunks(bytes)?;
                let decoder = image::codecs::webp::WebPDecoder::new(Cursor::new(bytes))?;
                Self::decode_with(decoder, limits)
            }
            _ => Err(PhotoError::UnknownFormat),
        }
    }

    fn decode_with(mut decoder: impl ImageDecoder, limits: PhotoLimits) -> Result<Self, PhotoError> {
        let (width, height) = decoder.dimensions();
        limits.check(width, height)?;
        if decoder.total_bytes() > limits.max_alloc {
            return Err(limits.too_large(width, height));
        }
        decoder.set_limits(limits.for_decoder())?;
        // A damaged EXIF block is no reason to refuse the picture that follows it.
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let stored = flatten(DynamicImage::from_decoder(decoder)?);
        Ok(Self { stored, turn: Turn::new(orientation), upright: OnceLock::new() })
    }

    /// A photo from pixels that are upright already.
    #[must_use]
    pub fn from_pixels(pixels: RgbImage) -> Self {
        Self { stored: pixels, turn: Turn::new(Orientation::NoTransforms), upright: OnceLock::new() }
    }

    /// Width in pixels, as seen upright.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.turn.size(self.stored.dimensions()).0
    }

    /// Height in pixels, as seen upright.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.turn.size(self.stored.dimensions()).1
    }

    /// The upright pixels. Of a photo that was stored otherwise they are a copy, made the first time.
    #[must_use]
    pub fn pixels(&self) -> &RgbImage {
        if self.turn.is_none() {
            return &self.stored;
        }
        self.upright.get_or_init(|| self.turn.apply(self.stored.clone()))
    }

    /// The pixels as they were stored, and how they are turned to be upright.
    pub(crate) fn stored(&self) -> (&RgbImage, Turn) {
        (&self.stored, self.turn)
    }
}

impl PartialEq for Photo {
    fn eq(&self, other: &Self) -> bool {
        self.pixels() == other.pixels()
    }
}

impl Eq for Photo {}

impl PhotoLimits {
    fn check(self, width: u32, height: u32) -> Result<(), PhotoError> {
        if u64::from(width) * u64::from(height) > self.max_pixels {
            return Err(self.too_large(width, height));
        }
        Ok(())
    }

    fn too_large(self, width: u32, height: u32) -> PhotoError {
        PhotoError::TooLarge { width, height, max_pixels: self.max_pixels }
    }

    fn for_decoder(self) -> image::Limits {
        let mut limits = image::Limits::no_limits();
        limits.max_alloc = Some(self.max_alloc);
        limits
    }
}

/// Drops alpha by laying the picture on white, as viewers show it.
fn flatten(decoded: DynamicImage) -> RgbImage {
    if !decoded.color().has_alpha() {
        return decoded.into_rgb8();
    }
    let rgba = decoded.into_rgba8();
    let mut pixels = RgbImage::new(rgba.width(), rgba.height());
    for (to, from) in pixels.pixels_mut().zip(rgba.pixels()) {
        let [r, g, b, alpha] = from.0.map(u32::from);
        let over_white = |c: u32| ((c * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
        to.0 = [over_white(r), over_white(g), over_white(b)];
    }
    pixels
}

/// Why bytes are not a photo we take.
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    /// The decoder met something that its format does not allow.
    #[error("the photo is damaged ({0}); take or export it again")]
    Damaged(String),
    /// No bytes at all.
    #[error("the photo is empty (0 bytes); choose the file again")]
    Empty,
    /// More pixels, or more memory to hold them, than the limits allow.
    #[error(
        "the photo is too large: {width} x {height} pixels, where at most {max_pixels} in all are taken; send a smaller copy"
    )]
    TooLarge {
        /// Width in pixels that the header declares.
        width: u32,
        /// Height in pixels that the header declares.
        height: u32,
        /// The limit that it exceeds, alone or through the memory that its pixel type needs.
        max_pixels: u64,
    },
    /// The file stops before its picture does.
    #[error("the photo is cut off: its data end before the picture does; send it again")]
    Truncated,
    /// Neither JPEG, PNG nor WebP by its first bytes.
    #[error("this is not a JPEG, PNG or WebP file; export the photo as a JPEG and send that")]
    UnknownFormat,
}

impl From<ImageError> for PhotoError {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Self::Truncated,
            error => Self::Damaged(one_line(&error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, Rgba, RgbaImage};

    fn encode(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn gradient(width: u32, height: u32) -> DynamicImage {
        RgbImage::from_fn(width, height, |x, y| Rgb([(x * 255 / width) as u8, (y * 255 / height) as u8, 90])).into()
    }

    #[test]
    fn takes_the_three_formats_by_their_bytes() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let photo = Photo::decode(&encode(&gradient(33, 17), format)).unwrap();
            assert_eq!((photo.width(), photo.height()), (33, 17), "{format:?}");
        }
    }

    #[test]
    fn every_cut_of_every_format_is_refused() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let bytes = encode(&gradient(64, 48), format);
            for cut in [1, 7, bytes.len() / 4, bytes.len() / 2, bytes.len() - 20] {
                let error = Photo::decode(&bytes[..cut]).unwrap_err();
                assert!(!matches!(error, PhotoError::TooLarge { .. }), "{format:?} cut at {cut}: {error}");
            }
        }
    }

    #[test]
    fn half_a_jpeg_is_called_cut_off() {
        let bytes = encode(&gradient(64, 48), ImageFormat::Jpeg);
        let error = Photo::decode(&bytes[..bytes.len() / 2]).unwrap_err();
        assert!(matches!(error, PhotoError::Truncated), "{error}");
    }

    #[test]
    fn size_is_judged_before_decoding() {
        let limits = PhotoLimits { max_pixels: 99, ..PhotoLimits::default() };
        let error = Photo::decode_within(&encode(&gradient(10, 10), ImageFormat::Png), limits).unwrap_err();
        assert!(matches!(error, PhotoError::TooLarge { width: 10, height: 10, .. }), "{error}");
    }

    #[test]
    fn transparency_is_white() {
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
