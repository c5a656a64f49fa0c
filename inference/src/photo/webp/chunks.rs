//! The chunks of a WebP file (RFC 9649, section 2).

use crate::photo::PhotoError;

/// Bytes of the file header: `RIFF`, the size of what follows, `WEBP`.
const HEADER: usize = 12;

/// A chunk's name and content.
pub(super) type Chunk<'a> = (&'a [u8; 4], &'a [u8]);

/// The chunks of the container; trailing bytes are ignored.
///
/// # Errors
/// [`PhotoError::Truncated`] if a chunk runs past the end.
pub(super) fn chunks(bytes: &[u8]) -> Result<Vec<Chunk<'_>>, PhotoError> {
    let size = bytes.get(4..8).ok_or(PhotoError::Truncated)?;
    let size = size.iter().rev().fold(0, |size, byte| (size << 8) | usize::from(*byte));
    let all = bytes.get(HEADER..).ok_or(PhotoError::Truncated)?;
    let container = bytes.get(HEADER..size.saturating_add(8).min(bytes.len())).unwrap_or(all);
    // Some writers state a size that is too small for what they write.
    walk(container).or_else(|error| walk(all).map_err(|_| error))
}

fn walk(mut bytes: &[u8]) -> Result<Vec<Chunk<'_>>, PhotoError> {
    let mut chunks = Vec::new();
    // A few bytes at the end are padding.
    while let Some((header, rest)) = bytes.split_first_chunk::<8>() {
        let [name @ .., _, _, _, _] = header;
        let length = header[4..].iter().rev().fold(0, |length, byte| (length << 8) | usize::from(*byte));
        chunks.push((name, rest.get(..length).ok_or(PhotoError::Truncated)?));
        // An odd payload is followed by a byte of padding, which some encoders leave out at the end.
        bytes = rest.get(length + length % 2..).unwrap_or_default();
    }
    Ok(chunks)
}
