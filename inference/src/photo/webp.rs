//! Whether a WebP's parts fit together.
//!
//! The decoder believes the canvas of the file's header, decodes whatever size the frame inside states, and sets aside
//! as much memory as a chunk declares. So the chunks are walked first (RFC 9649).

use super::PhotoError;

/// Bytes of a lossless frame. Its decoder's tables can take some hundred times as much.
const MAX_LOSSLESS: usize = 2 << 20;

/// Walks the chunks: none runs past the end, the one frame is as large as the canvas, and there is no animation.
///
/// # Errors
/// [`PhotoError::Truncated`] if a chunk runs past the end, [`PhotoError::Damaged`] if the parts do not fit.
pub(super) fn check_chunks(bytes: &[u8]) -> Result<(), PhotoError> {
    let damaged = |what: &str| Err(PhotoError::Damaged(what.to_owned()));
    let mut rest = bytes.get(12..).ok_or(PhotoError::Truncated)?;
    let mut canvas = None;
    let mut frame = None;
    while let Some((kind, payload, after)) = chunk(rest)? {
        rest = after;
        match kind {
            b"ANIM" | b"ANMF" => return damaged("an animated WebP; send a still photo"),
            b"VP8X" if canvas.is_some() || frame.is_some() => return damaged("a WebP with a second header"),
            b"VP8X" => canvas = Some(canvas_size(payload)?),
            b"VP8 " | b"VP8L" if frame.is_some() => return damaged("a WebP with two frames"),
            b"VP8 " => frame = Some(lossy_size(payload)?),
            b"VP8L" if payload.len() > MAX_LOSSLESS => return damaged("a lossless WebP over 2 MiB; send a JPEG"),
            b"VP8L" => frame = Some(lossless_size(payload)?),
            _ => {}
        }
    }
    match (frame, canvas) {
        (None, _) => Err(PhotoError::Truncated),
        (Some(frame), Some(canvas)) if frame != canvas => damaged("a WebP whose frame is not as large as its canvas"),
        _ => Ok(()),
    }
}

type Chunk<'a> = (&'a [u8], &'a [u8], &'a [u8]);

/// The next chunk's kind and payload, and what follows it; none at the end.
fn chunk(bytes: &[u8]) -> Result<Option<Chunk<'_>>, PhotoError> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let (header, rest) = bytes.split_at_checked(8).ok_or(PhotoError::Truncated)?;
    let (kind, length) = header.split_at(4);
    let length = length.iter().rev().fold(0, |length, byte| (length << 8) | usize::from(*byte));
    let payload = rest.get(..length).ok_or(PhotoError::Truncated)?;
    // An odd payload is followed by a byte of padding, which some encoders leave out at the end.
    Ok(Some((kind, payload, rest.get(length + length % 2..).unwrap_or_default())))
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
        Ok(u32::from(u16::from_le_bytes([bytes[0], bytes[1]]) & 0x3FFF))
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
        assert!(matches!(check_chunks(&bomb), Err(PhotoError::Damaged(_))));
        let sound = file(&[(b"VP8X", &canvas(100, 90)), (b"EXIF", b"odd"), (b"VP8 ", &lossy(100, 90))]);
        assert!(check_chunks(&sound).is_ok());
    }

    #[test]
    fn a_chunk_that_declares_more_than_there_is_is_cut_off() {
        let mut hungry = file(&[(b"VP8X", &canvas(8, 8)), (b"VP8 ", &lossy(8, 8)), (b"EXIF", b"")]);
        let length = hungry.len() - 4;
        hungry[length..].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(matches!(check_chunks(&hungry), Err(PhotoError::Truncated)));
    }

    #[test]
    fn animations_and_large_lossless_frames_are_refused() {
        let animated = file(&[(b"VP8X", &canvas(1, 1)), (b"ANIM", &[0; 6]), (b"ANMF", &[0; 24])]);
        assert!(matches!(check_chunks(&animated), Err(PhotoError::Damaged(_))));
        let large = file(&[(b"VP8L", &vec![0x2F; MAX_LOSSLESS + 1])]);
        assert!(matches!(check_chunks(&large), Err(PhotoError::Damaged(_))));
    }
}
