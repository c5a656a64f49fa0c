//! A JPEG's segments before its first scan.

use crate::decode::{self, Picture};
use crate::error::Error;
use crate::picture::colour::Colour;
use crate::scale::Scale;
use crate::segments::frame::{Frame, is_frame};
use crate::segments::marker::{self, APP0, APP1, APP14, EOI, SOI, SOS};

const EXIF: &[u8] = b"Exif\0";

/// A JPEG's header and the bytes of its file.
#[derive(Clone, Debug)]
pub struct Header<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) frame: Frame,
    pub(crate) colour: Colour,
    /// Components of the first scan.
    pub(crate) first_scan: u8,
    exif: Vec<&'a [u8]>,
}

impl<'a> Header<'a> {
    /// Reads the segments up to the first scan.
    ///
    /// # Errors
    /// [`Error`]: the file is not a JPEG, is of an unsupported variant, or ends before its first scan.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        if !bytes.starts_with(&[0xFF, SOI]) {
            return Err(Error::Damaged("no JPEG"));
        }
        let (mut frame, mut jfif, mut adobe, mut exif) = (None, false, None, Vec::new());
        let mut at = 2;
        let first_scan = loop {
            let segment = marker::next(bytes, at).ok_or(Error::Truncated)?;
            at = segment.after;
            match segment.marker {
                SOS => break segment.payload.first().copied().unwrap_or(0),
                EOI => return Err(Error::Damaged("a JPEG without a picture")),
                kind if is_frame(kind) && frame.is_some() => return Err(Error::Damaged("a JPEG with two frames")),
                kind if is_frame(kind) && segment.whole => frame = Some(Frame::read(kind, segment.payload)?),
                APP0 => jfif |= segment.payload.starts_with(b"JFIF\0"),
                APP1 => exif.extend(exif_of(segment.payload)),
                APP14 => adobe = adobe_transform(segment.payload).or(adobe),
                _ => {}
            }
        };
        let frame = frame.ok_or(Error::Damaged("a JPEG without a frame header"))?;
        let colour = Colour::of(&frame.components, jfif, adobe);
        Ok(Self { bytes, frame, colour, first_scan, exif })
    }

    /// Width of the stored picture in pixels.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.frame.width as u32
    }

    /// Height of the stored picture in pixels.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.frame.height as u32
    }

    /// Whether the JPEG is progressive.
    #[must_use]
    pub fn is_progressive(&self) -> bool {
        self.frame.progressive
    }

    /// The Exif blocks before the first scan, each from its TIFF header on. A continuation segment is a separate block.
    #[must_use]
    pub fn exif(&self) -> &[&'a [u8]] {
        &self.exif
    }

    /// Bytes of memory needed to decode at that scale, including the picture and excluding the file.
    #[must_use]
    pub fn memory(&self, scale: Scale) -> u64 {
        decode::memory(self, scale)
    }

    /// Decodes the picture in at most that many bytes of memory.
    ///
    /// # Errors
    /// [`Error`] for a fault in any part of the file.
    pub fn decode(&self, scale: Scale, most_memory: u64) -> Result<Picture, Error> {
        decode::decode(self, scale, most_memory)
    }
}

fn exif_of(payload: &[u8]) -> Option<&[u8]> {
    // A byte of padding, mostly 0, follows the name.
    payload.strip_prefix(EXIF).and_then(|rest| rest.get(1..))
}

/// The colour transform of an Adobe segment; `None` if the segment is too short.
fn adobe_transform(payload: &[u8]) -> Option<u8> {
    payload.strip_prefix(b"Adobe").and_then(|rest| rest.get(6)).copied()
}
