//! Whether a JPEG's data run to its end.
//!
//! The decoder fills what is missing from a truncated file with grey and reports success; a diagnosis of grey is
//! worse than none. It also decodes as many scans as a file holds, each over the whole picture.

use super::PhotoError;

/// Scans allowed in one file. Encoders write 1 (baseline) to about 12 (progressive).
const MAX_SCANS: usize = 64;

const MARKER: u8 = 0xFF;
const START_OF_SCAN: u8 = 0xDA;
const END_OF_IMAGE: u8 = 0xD9;

/// Walks the segments (ITU T.81, annex B) from the start-of-image marker to the end-of-image marker.
///
/// What follows the end, such as the video of a motion photo, does not matter.
///
/// # Errors
/// [`PhotoError::Truncated`] if the data stop first, [`PhotoError::Damaged`] if there are more than [`MAX_SCANS`].
pub(super) fn check_complete(bytes: &[u8]) -> Result<(), PhotoError> {
    let mut at = 2;
    let mut scans = 0;
    loop {
        at = next_marker(bytes, at)?;
        let kind = bytes[at];
        at += 1;
        match kind {
            END_OF_IMAGE => return Ok(()),
            // Markers that stand alone: TEM, restart, start of image.
            0x01 | 0xD0..=0xD8 => continue,
            _ => {}
        }
        let Some(&[high, low]) = bytes.get(at..at + 2) else {
            return Err(PhotoError::Truncated);
        };
        at += usize::from(u16::from_be_bytes([high, low])).max(2);
        if kind == START_OF_SCAN {
            scans += 1;
            if scans > MAX_SCANS {
                return Err(PhotoError::Damaged(format!("more than {MAX_SCANS} JPEG scans")));
            }
        }
    }
}

/// The position of the next marker's kind at or after `from`, past entropy-coded data and stuffed zeros.
fn next_marker(bytes: &[u8], from: usize) -> Result<usize, PhotoError> {
    let rest = bytes.get(from..).ok_or(PhotoError::Truncated)?;
    rest.windows(2)
        .position(|pair| pair[0] == MARKER && pair[1] != 0 && pair[1] != MARKER)
        .map(|offset| from + offset + 1)
        .ok_or(PhotoError::Truncated)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endless_row_of_scans_is_refused() {
        let mut bytes = vec![0xFF, 0xD8];
        for _ in 0..=MAX_SCANS {
            bytes.extend([0xFF, START_OF_SCAN, 0, 2, 0x11, 0x22]);
        }
        bytes.extend([0xFF, END_OF_IMAGE]);
        assert!(matches!(check_complete(&bytes), Err(PhotoError::Damaged(_))));
    }

    #[test]
    fn the_end_marker_of_an_embedded_thumbnail_is_not_the_end() {
        let thumbnail = [0xFF, 0xD8, 0xFF, 0xD9];
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE1, 0, 6];
        bytes.extend(thumbnail);
        assert!(matches!(check_complete(&bytes), Err(PhotoError::Truncated)));
        bytes.extend([0xFF, END_OF_IMAGE, b't', b'r', b'a', b'i', b'l']);
        assert!(check_complete(&bytes).is_ok());
    }
}
