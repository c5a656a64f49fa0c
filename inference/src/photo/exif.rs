//! The orientation in a photo's EXIF block.

use image::metadata::Orientation;

/// A prefix that some writers (Sony, Pillow before 9.3) put before the block even in formats that do not allow it.
const PREFIX: &[u8] = b"Exif\0\0";

/// The tag of the orientation (CIPA DC-008, 4.6.4).
const ORIENTATION: u32 = 0x112;
/// Bytes of a directory's entry: tag, type, count and value.
const ENTRY: usize = 12;

/// The orientation in the first block that has one. Damaged blocks and continuation segments have none; the picture is
/// used without an orientation then.
pub(super) fn orientation<'a>(blocks: impl IntoIterator<Item = &'a [u8]>) -> Orientation {
    blocks
        .into_iter()
        .find_map(|block| of_block(block.strip_prefix(PREFIX).unwrap_or(block)))
        .unwrap_or(Orientation::NoTransforms)
}

/// The orientation in a block's first directory (TIFF 6.0, section 2).
fn of_block(block: &[u8]) -> Option<Orientation> {
    let is_little = match block.first_chunk()? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let number = |bytes: &[u8]| {
        let append = |number, byte: &u8| number << 8 | u32::from(*byte);
        if is_little { bytes.iter().rev().fold(0, append) } else { bytes.iter().fold(0, append) }
    };
    let directory = block.get(usize::try_from(number(block.get(4..8)?)).ok()?..)?;
    let (count, entries) = directory.split_at_checked(2)?;
    entries.chunks_exact(ENTRY).take(number(count) as usize).find_map(|entry| {
        // The standard type is SHORT; some writers use another type of integer.
        let bytes = match number(&entry[2..4]) {
            1 => 1,
            3 | 8 => 2,
            4 | 9 => 4,
            _ => return None,
        };
        let is_one = number(&entry[..2]) == ORIENTATION && number(&entry[4..8]) == 1;
        let value = u8::try_from(number(&entry[8..8 + bytes])).ok().filter(|_| is_one)?;
        Orientation::from_exif(value)
    })
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
    fn every_integer_type_is_read_in_both_byte_orders() {
        let entries = |types: [u8; 2], value: [u8; 4]| {
            let other = [1, 0x0F, 0, 2, 0, 0, 0, 4, b'a', b'b', b'c', 0];
            [&[0, 2][..], &other, &[1, 0x12], &types, &[0, 0, 0, 1], &value].concat()
        };
        for (kind, value) in
            [(1, [6, 0, 0, 0]), (3, [0, 6, 0, 0]), (4, [0, 0, 0, 6]), (8, [0, 6, 0, 0]), (9, [0, 0, 0, 6])]
        {
            let block = [&b"MM\0*\0\0\0\x08"[..], &entries([0, kind], value)].concat();
            assert_eq!(orientation([block.as_slice()]), Orientation::Rotate90, "type {kind}");
        }
        let long = b"II*\0\x08\0\0\0\x01\0\x12\x01\x04\0\x01\0\0\0\x08\0\0\0";
        assert_eq!(orientation([&long[..]]), Orientation::Rotate270);
        let text = [&b"MM\0*\0\0\0\x08"[..], &entries([0, 2], [6, 0, 0, 0])].concat();
        assert_eq!(orientation([text.as_slice()]), Orientation::NoTransforms);
    }

    #[test]
    fn a_directory_outside_the_block_has_no_orientation() {
        let mut far = block(6);
        far[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(orientation([far.as_slice()]), Orientation::NoTransforms);
        let mut many = block(6);
        many[8..10].copy_from_slice(&u16::MAX.to_le_bytes());
        assert_eq!(orientation([many.as_slice()]), Orientation::Rotate90);
    }

    #[test]
    fn a_prefix_is_skipped() {
        assert_eq!(orientation([[PREFIX, &block(8)].concat().as_slice()]), Orientation::Rotate270);
    }
}
