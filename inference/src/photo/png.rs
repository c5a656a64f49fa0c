//! What a PNG's header says, before a decoder reads it.

/// What stands between the signature and the size: the header's length and name (PNG, third edition, 5.3 and 11.2.1).
const HEADER: &[u8] = b"\0\0\0\x0dIHDR";

/// Width and height that the header declares, whatever they are; none where no header begins the file.
///
/// Where memory is counted in 32 bits the decoder refuses a huge picture as damaged, before it tells its size.
pub(super) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes.get(8..)?.strip_prefix(HEADER)?;
    let (width, height) = header.get(..8)?.split_at(4);
    Some((u32::from_be_bytes(width.try_into().ok()?), u32::from_be_bytes(height.try_into().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

    #[test]
    fn only_a_header_tells_a_size() {
        let sized = [SIGNATURE, HEADER, &60_000u32.to_be_bytes(), &7u32.to_be_bytes()].concat();
        assert_eq!(size(&sized), Some((60_000, 7)));
        assert_eq!(size(&sized[..sized.len() - 1]), None);
        assert_eq!(size(&[SIGNATURE, b"this is text, no header"].concat()), None);
        // Xcode puts a chunk of its own before the header.
        assert_eq!(size(&[SIGNATURE, b"\0\0\0\x04CgBI\x50\0\x20\x06", HEADER, &[0; 8]].concat()), None);
    }
}
