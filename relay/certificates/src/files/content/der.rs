//! The outermost element of a file in DER.

/// The first byte of every certificate, key and PKCS#12 file in DER.
const SEQUENCE: u8 = 0x30;
/// The content of a DER sequence. The length is not checked, since the file may be cut off.
pub(super) fn inside(der: &[u8]) -> Option<&[u8]> {
    let (&tag, rest) = der.split_first()?;
    let (&length, rest) = rest.split_first()?;
    let more = if length < 0x80 { 0 } else { usize::from(length & 0x7F) };
    rest.get(more..).filter(|_| tag == SEQUENCE)
}
