//! Errors of decoding a photo.

use image::ImageError;

use super::OtherFormat;

/// The bytes are not a photo that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// The file violates its format, or too much of the picture is lost.
    #[error("the photo is damaged ({0}); take or export it again")]
    Damaged(String),
    /// No bytes at all.
    #[error("the photo is empty (0 bytes); choose the file again")]
    Empty,
    /// A file of a known format that is not supported.
    #[error("{0}")]
    OtherFormat(OtherFormat),
    /// The photo has more pixels than the limits allow.
    #[error(
        "the photo is too large: {width} x {height} pixels, where at most {max_pixels} in all are taken; send a smaller copy"
    )]
    TooLarge {
        /// Width in pixels that the header declares.
        width: u32,
        /// Height in pixels that the header declares.
        height: u32,
        /// The limit that it exceeds.
        max_pixels: u64,
    },
    /// Decoding takes more memory than the limits allow.
    #[error(
        "the photo is too large: to decode {width} x {height} pixels of this format takes too much memory; send a smaller copy or an ordinary JPEG"
    )]
    TooMuchMemory {
        /// Width in pixels that the header declares.
        width: u32,
        /// Height in pixels that the header declares.
        height: u32,
    },
    /// The file ends before the picture is complete.
    #[error("the photo is cut off: its data end before the picture does; send it again")]
    Truncated,
    /// The format is unknown.
    #[error("this is not a JPEG, PNG or WebP file; export the photo as a JPEG and send that")]
    UnknownFormat,
    /// A JPEG, PNG or WebP of a variant that is not supported.
    #[error("this is {0}, which is not supported; export the photo as an ordinary JPEG and send that")]
    Unsupported(&'static str),
}

impl PhotoError {
    pub(super) fn damaged(what: &str) -> Self {
        Self::Damaged(what.to_owned())
    }

    /// Converts a decoder's error, whose own message is for programmers.
    pub(super) fn of_decoder(error: &ImageError, damaged: &str) -> Self {
        match error {
            ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Self::Truncated,
            _ => Self::damaged(damaged),
        }
    }
}
