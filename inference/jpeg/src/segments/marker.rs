//! Markers and segments (ITU T.81, annex B).

pub(crate) const SOI: u8 = 0xD8;
pub(crate) const EOI: u8 = 0xD9;
pub(crate) const SOS: u8 = 0xDA;
pub(crate) const DQT: u8 = 0xDB;
pub(crate) const DRI: u8 = 0xDD;
pub(crate) const DHT: u8 = 0xC4;
pub(crate) const APP0: u8 = 0xE0;
pub(crate) const APP1: u8 = 0xE1;
pub(crate) const APP14: u8 = 0xEE;

/// A marker and the payload of its segment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment<'a> {
    /// The marker's second byte.
    pub(crate) marker: u8,
    /// The segment without its length field; truncated at the end of the file.
    pub(crate) payload: &'a [u8],
    /// The position after the segment.
    pub(crate) after: usize,
    /// Whether the file holds the whole segment.
    pub(crate) whole: bool,
}

/// The next segment at or after `from`, skipping bytes that are not a marker; `None` at the end of the file.
pub(crate) fn next(bytes: &[u8], from: usize) -> Option<Segment<'_>> {
    let mut from = from;
    loop {
        let at = find(bytes, from)? + 1;
        let marker = *bytes.get(at)?;
        let start = at + 1;
        match marker {
            // TEM and restart markers have no payload, and no meaning outside of a scan.
            0x01 | 0xD0..=0xD7 => from = start,
            SOI | EOI => return Some(Segment { marker, payload: &[], after: start, whole: true }),
            _ => {
                let length = match bytes.get(start..start + 2) {
                    Some(&[high, low]) => usize::from(u16::from_be_bytes([high, low])).max(2),
                    _ => return Some(Segment { marker, payload: &[], after: bytes.len(), whole: false }),
                };
                let after = (start + length).min(bytes.len());
                let payload = bytes.get(start + 2..after).unwrap_or_default();
                return Some(Segment { marker, payload, after, whole: start + length <= bytes.len() });
            }
        }
    }
}

/// The position of the next marker at or after `from`: of the byte 0xFF before its second byte.
pub(crate) fn find(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at = find_ff(bytes, at)?;
        match bytes.get(at + 1)? {
            0 => at += 2,
            0xFF => at += 1,
            _ => return Some(at),
        }
    }
}

fn find_ff(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let mut skipped = 0;
    for chunk in rest.chunks_exact(8) {
        if has_ff(u64::from_ne_bytes(chunk.try_into().ok()?)) {
            break;
        }
        skipped += 8;
    }
    rest[skipped..].iter().position(|byte| *byte == 0xFF).map(|offset| from + skipped + offset)
}

/// Whether any of the eight bytes is 0xFF.
#[inline(always)]
pub(crate) fn has_ff(word: u64) -> bool {
    // A byte of the complement is zero where subtracting one borrows from its highest bit.
    let complement = !word;
    complement.wrapping_sub(0x0101_0101_0101_0101) & word & 0x8080_8080_8080_8080 != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ff_is_found_in_every_byte() {
        assert!(!has_ff(0) && !has_ff(0xFEFE_FEFE_FEFE_FEFE) && !has_ff(0x7F80_01FE_0000_80FE));
        for byte in 0..8 {
            assert!(has_ff(0xFF << (8 * byte)) && has_ff((0xFF << (8 * byte)) | 0x0101_0101_0101_0101));
        }
    }

    #[test]
    fn stuffed_bytes_and_fill_bytes_are_not_markers() {
        let bytes = [1, 0xFF, 0, 2, 3, 4, 5, 6, 7, 8, 9, 0xFF, 0xFF, 0xD9];
        assert_eq!(find(&bytes, 0), Some(12));
        assert_eq!(find(&bytes, 13), None);
        assert_eq!(find(&bytes, 99), None);
    }

    #[test]
    fn a_truncated_segment_is_marked() {
        let cut = next(&[0xFF, DQT, 0, 9, 1, 2], 0).unwrap();
        assert_eq!((cut.marker, cut.payload, cut.whole), (DQT, &[1u8, 2][..], false));
        let whole = next(&[7, 0xFF, 0xD3, 0xFF, DQT, 0, 3, 1, 9], 0).unwrap();
        assert_eq!((whole.payload, whole.after, whole.whole), (&[1u8][..], 8, true));
    }
}
