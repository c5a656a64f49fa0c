//! The single frame of a WebP file.

use super::chunks::chunks;
use crate::photo::PhotoError;

/// Maximum size of a lossless frame in bytes. The decoder's tables can take more than a hundred times as much.
const MAX_LOSSLESS: usize = 2 << 20;
/// Flag of an extended header: the picture has transparency.
const ALPHA: u8 = 0x10;
/// The transparency flag in the fifth byte of a lossless frame.
const LOSSLESS_ALPHA: u8 = 0x10;

/// The one frame of a file.
#[derive(Debug)]
pub(super) struct Still<'a> {
    /// Width and height of the frame.
    pub(super) size: (u32, u32),
    pub(super) is_lossless: bool,
    frame: &'a [u8],
    /// Transparency of a lossy frame.
    alpha: Option<&'a [u8]>,
    /// Whether the extended header declares that there is no transparency.
    is_opaque: bool,
    /// EXIF blocks.
    pub(super) exif: Vec<&'a [u8]>,
}

impl<'a> Still<'a> {
    /// Finds the frame: there must be exactly one, as large as the canvas.
    ///
    /// # Errors
    /// [`PhotoError::Truncated`] if a chunk runs past the end or there is no frame, [`PhotoError::Damaged`] or
    /// [`PhotoError::Unsupported`] if this variant is not supported.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, PhotoError> {
        let damaged = |what: &str| Err(PhotoError::damaged(what));
        let (mut canvas, mut found, mut alpha, mut exif) = (None, None, None, Vec::new());
        for (kind, payload) in chunks(bytes)? {
            match kind {
                b"ANMF" => return Err(PhotoError::Unsupported("an animated WebP")),
                b"VP8X" if canvas.is_some() || found.is_some() => return damaged("a WebP with a second header"),
                b"VP8X" => canvas = Some((canvas_size(payload)?, payload[0] & ALPHA != 0)),
                b"VP8 " | b"VP8L" if found.is_some() => return damaged("a WebP with two frames"),
                b"VP8 " => found = Some((lossy_size(payload)?, payload, false)),
                b"VP8L" if payload.len() > MAX_LOSSLESS => {
                    return Err(PhotoError::Unsupported("a lossless WebP over 2 MiB"));
                }
                b"VP8L" => found = Some((lossless_size(payload)?, payload, true)),
                b"ALPH" => alpha = alpha.or(Some(payload)),
                b"EXIF" => exif.push(payload),
                _ => {}
            }
        }
        let (size, frame, is_lossless) = found.ok_or(PhotoError::Truncated)?;
        let is_opaque = match canvas {
            Some((canvas, _)) if canvas != size => return damaged("a WebP whose frame is not as large as its canvas"),
            Some((_, has_alpha)) => !has_alpha,
            // Only an extended header declares transparency of a lossy frame.
            None => !is_lossless,
        };
        Ok(Self { size, is_lossless, frame, alpha: alpha.filter(|_| !is_opaque && !is_lossless), is_opaque, exif })
    }

    /// A WebP file with only this frame.
    pub(super) fn file(&self) -> Vec<u8> {
        let mut file = b"RIFF\0\0\0\0WEBP".to_vec();
        let mut chunk = |name: &[u8; 4], payload: &[u8]| {
            file.extend(name);
            file.extend((payload.len() as u32).to_le_bytes());
            file.extend(payload);
            file.resize(file.len().next_multiple_of(2), 0);
        };
        if let Some(alpha) = self.alpha {
            let [width, height] = [self.size.0 - 1, self.size.1 - 1].map(u32::to_le_bytes);
            chunk(b"VP8X", &[&[ALPHA, 0, 0, 0], &width[..3], &height[..3]].concat());
            chunk(b"ALPH", alpha);
        }
        chunk(if self.is_lossless { b"VP8L" } else { b"VP8 " }, self.frame);
        if self.is_lossless && self.is_opaque {
            // The frame is the last chunk; its fifth byte follows 12 bytes of the file's header and 8 of the chunk's
            // header.
            file[24] &= !LOSSLESS_ALPHA;
        }
        let size = (file.len() - 8) as u32;
        file[4..8].copy_from_slice(&size.to_le_bytes());
        file
    }
}

fn canvas_size(payload: &[u8]) -> Result<(u32, u32), PhotoError> {
    let size = |at: usize| -> Result<u32, PhotoError> {
        let bytes = payload.get(at..at + 3).ok_or(PhotoError::Truncated)?;
        Ok(bytes.iter().rev().fold(0, |size, byte| (size << 8) | u32::from(*byte)) + 1)
    };
    Ok((size(4)?, size(7)?))
}

/// Size in a VP8 key frame's header (RFC 6386, section 9.1).
fn lossy_size(payload: &[u8]) -> Result<(u32, u32), PhotoError> {
    let size = |at: usize| -> Result<u32, PhotoError> {
        let bytes = payload.get(at..at + 2).ok_or(PhotoError::Truncated)?;
        match u32::from(u16::from_le_bytes([bytes[0], bytes[1]]) & 0x3FFF) {
            0 => Err(PhotoError::damaged("a WebP without a size")),
            size => Ok(size),
        }
    };
    Ok((size(6)?, size(8)?))
}

fn lossless_size(payload: &[u8]) -> Result<(u32, u32), PhotoError> {
    let bytes = payload.get(1..5).ok_or(PhotoError::Truncated)?;
    let bits = bytes.iter().rev().fold(0u32, |bits, byte| (bits << 8) | u32::from(*byte));
    Ok(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut body = b"WEBP".to_vec();
        for (kind, payload) in chunks {
            body.extend(*kind);
            body.extend((payload.len() as u32).to_le_bytes());
            body.extend(*payload);
            body.extend(vec![0; payload.len() % 2]);
        }
        [b"RIFF", &(body.len() as u32).to_le_bytes()[..], &body].concat()
    }

    fn canvas(width: u32, height: u32) -> Vec<u8> {
        let [w, h] = [width - 1, height - 1].map(u32::to_le_bytes);
        [&[0; 4], &w[..3], &h[..3]].concat()
    }

    fn lossy(width: u16, height: u16) -> Vec<u8> {
        [&[0, 0, 0, 0x9D, 1, 0x2A], &width.to_le_bytes()[..], &height.to_le_bytes()].concat()
    }

    #[test]
    fn a_frame_larger_than_its_canvas_is_refused() {
        let bomb = file(&[(b"VP8X", &canvas(100, 100)), (b"VP8 ", &lossy(16383, 16383))]);
        assert!(matches!(Still::read(&bomb), Err(PhotoError::Damaged(_))));
        let sound = file(&[(b"VP8X", &canvas(100, 90)), (b"EXIF", b"odd"), (b"VP8 ", &lossy(100, 90))]);
        let still = Still::read(&sound).unwrap();
        assert_eq!((still.size, still.exif.as_slice()), ((100, 90), &[&b"odd"[..]][..]));
        assert_eq!(still.file(), file(&[(b"VP8 ", &lossy(100, 90))]));
    }

    #[test]
    fn a_chunk_longer_than_the_file_is_reported_as_truncated() {
        let mut hungry = file(&[(b"VP8X", &canvas(8, 8)), (b"VP8 ", &lossy(8, 8)), (b"EXIF", b"")]);
        let length = hungry.len() - 4;
        hungry[length..].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(Still::read(&hungry).unwrap_err(), PhotoError::Truncated);
    }

    #[test]
    fn bytes_after_the_container_are_ignored() {
        let mut trailed = file(&[(b"VP8 ", &lossy(8, 8))]);
        trailed.extend(b"SEFT and whatever a phone puts there");
        assert_eq!(Still::read(&trailed).unwrap().size, (8, 8));
        // A container size that is too small for the chunks is ignored.
        trailed.truncate(12 + 8 + 10);
        trailed[4..8].copy_from_slice(&14u32.to_le_bytes());
        assert_eq!(Still::read(&trailed).unwrap().size, (8, 8));
    }

    #[test]
    fn animations_and_large_lossless_frames_are_refused() {
        let animated = file(&[(b"VP8X", &canvas(1, 1)), (b"ANIM", &[0; 6]), (b"ANMF", &[0; 24])]);
        assert!(matches!(Still::read(&animated), Err(PhotoError::Unsupported(_))));
        let large = file(&[(b"VP8L", &vec![0x2F; MAX_LOSSLESS + 1])]);
        assert!(matches!(Still::read(&large), Err(PhotoError::Unsupported(_))));
    }
}
