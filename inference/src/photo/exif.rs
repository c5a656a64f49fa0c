//! The orientation in a photo's EXIF block.

use image::metadata::Orientation;

/// A prefix that some writers (Sony, Pillow before 9.3) put before the block even in formats that do not allow it.
const PREFIX: &[u8] = b"Exif\0\0";

/// The orientation in the first block that has one. Damaged blocks and continuation segments have none; the picture is
/// used without an orientation then.
pub(super) fn orientation<'a>(blocks: impl IntoIterator<Item = &'a [u8]>) -> Orientation {
    blocks
        .into_iter()
        .find_map(|block| Orientation::from_exif_chunk(block.strip_prefix(PREFIX).unwrap_or(block)))
        .unwrap_or(Orientation::NoTransforms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(orientation: u8) -> Vec<u8> {
        [&b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"[..], &[orientation, 0, 0, 0, 0, 0, 0, 0]].concat()
    }

    #[test]
    fn the_first_block_with_an_orientation_is_used() {
        let (six, three) = (block(6), block(3));
        assert_eq!(orientation([six.as_slice(), three.as_slice()]), Orientation::Rotate90);
        assert_eq!(orientation([&b"continued"[..], &[], &six, &three]), Orientation::Rotate90);
        assert_eq!(orientation([&six[..12], &block(0), &three]), Orientation::Rotate180);
        assert_eq!(orientation([]), Orientation::NoTransforms);
    }

    #[test]
    fn a_prefix_is_skipped() {
        assert_eq!(orientation([[PREFIX, &block(8)].concat().as_slice()]), Orientation::Rotate270);
    }
}
