//! What a PNG's header says, before a decoder reads it.

/// Signature, chunk length and `IHDR`, then width and height (PNG, third edition, 5.2 and 11.2.1).
const SIZE: std::ops::Range<usize> = 16..24;

/// Width and height that the header declares, whatever they are; none if it is not all there.
///
/// Where memory is counted in 32 bits the decoder refuses a huge picture as damaged, before it tells its size.
pub(super) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let (width, height) = bytes.get(SIZE)?.split_at(4);
    Some((u32::from_be_bytes(width.try_into().ok()?), u32::from_be_bytes(height.try_into().ok()?)))
}
