//! Conversion of BER to DER: indefinite or overlong lengths, and octet strings in pieces, as Firefox, Bouncy Castle and
//! macOS write PKCS#12 files (X.690, 8 and 10).

/// Nesting depth of elements. PKCS#12 needs ten.
const MAX_DEPTH: usize = 32;

/// The identifier of an octet string.
const OCTETS: u8 = 0x04;
const OCTETS_IN_PIECES: u8 = 0x24;
/// The bit of an identifier that marks a constructed element.
const CONSTRUCTED: u8 = 0x20;
/// The bits of an identifier that are all set if more bytes of it follow.
const LONG_TAG: u8 = 0x1F;
/// The end of an element of indefinite length.
const END: [u8; 2] = [0, 0];

/// Why bytes are not BER.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Malformed {
    /// The data end inside an element.
    CutOff,
    /// An invalid length, or too many nested elements.
    Broken,
}

/// Converts the first element of `bytes` to DER, as far as lengths and octet strings are concerned. Trailing data are
/// ignored. Memory and time are proportional to `bytes`.
pub(super) fn to_der(bytes: &[u8]) -> Result<Vec<u8>, Malformed> {
    let mut der = Vec::with_capacity(bytes.len());
    element(bytes, 0, &mut der)?;
    Ok(der)
}

/// Appends the first element of `input`, and returns the rest.
fn element<'a>(input: &'a [u8], depth: usize, der: &mut Vec<u8>) -> Result<&'a [u8], Malformed> {
    if depth == MAX_DEPTH {
        return Err(Malformed::Broken);
    }
    let (identifier, rest) = identifier(input)?;
    let (length, rest) = length(rest)?;
    let constructed = identifier.first().is_some_and(|first| first & CONSTRUCTED != 0);
    let (inside, after) = match length {
        Some(length) => {
            rest.split_at_checked(length).map(|(inside, after)| (inside, Some(after))).ok_or(Malformed::CutOff)?
        }
        None if constructed => (rest, None),
        None => return Err(Malformed::Broken),
    };
    if !constructed {
        write(identifier, inside, der);
        return Ok(after.unwrap_or_default());
    }
    let (value, left) = elements(inside, after.is_none(), depth + 1)?;
    match identifier {
        [OCTETS_IN_PIECES] => write(&[OCTETS], &joined(&value)?, der),
        _ => write(identifier, &value, der),
    }
    Ok(after.unwrap_or(left))
}

/// The elements inside an element, and the rest after an end marker.
fn elements(inside: &[u8], until_end: bool, depth: usize) -> Result<(Vec<u8>, &[u8]), Malformed> {
    let mut value = Vec::new();
    let mut rest = inside;
    loop {
        if until_end && let Some(after) = rest.strip_prefix(&END) {
            return Ok((value, after));
        }
        if !until_end && rest.is_empty() {
            return Ok((value, rest));
        }
        rest = element(rest, depth, &mut value)?;
    }
}

/// The octets of an octet string from its pieces in DER.
fn joined(mut pieces: &[u8]) -> Result<Vec<u8>, Malformed> {
    let mut octets = Vec::with_capacity(pieces.len());
    while !pieces.is_empty() {
        let ([OCTETS], rest) = identifier(pieces)? else { return Err(Malformed::Broken) };
        let (Some(length), rest) = length(rest)? else { return Err(Malformed::Broken) };
        let (piece, after) = rest.split_at_checked(length).ok_or(Malformed::CutOff)?;
        octets.extend_from_slice(piece);
        pieces = after;
    }
    Ok(octets)
}

/// The identifier at the start of `input`, and the rest.
fn identifier(input: &[u8]) -> Result<(&[u8], &[u8]), Malformed> {
    let first = input.first().ok_or(Malformed::CutOff)?;
    if first & LONG_TAG != LONG_TAG {
        return Ok(input.split_at(1));
    }
    let last = input.iter().skip(1).position(|byte| byte & 0x80 == 0).ok_or(Malformed::CutOff)?;
    Ok(input.split_at(last + 2))
}

/// The length at the start of `input`, none if it is indefinite, and the rest.
fn length(input: &[u8]) -> Result<(Option<usize>, &[u8]), Malformed> {
    let (&first, rest) = input.split_first().ok_or(Malformed::CutOff)?;
    match first {
        0..0x80 => Ok((Some(usize::from(first)), rest)),
        0x80 => Ok((None, rest)),
        0xFF => Err(Malformed::Broken),
        _ => {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7F)).ok_or(Malformed::CutOff)?;
            let length = bytes
                .iter()
                .try_fold(0u32, |length, byte| length.checked_mul(1 << 8).map(|length| length + u32::from(*byte)));
            Ok((Some(length.ok_or(Malformed::Broken)? as usize), rest))
        }
    }
}

/// Appends an element with its length in as few bytes as DER requires.
fn write(identifier: &[u8], value: &[u8], der: &mut Vec<u8>) {
    der.extend_from_slice(identifier);
    let bytes = value.len().to_be_bytes();
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    match value.len() {
        short @ 0..0x80 => der.push(short as u8),
        _ => {
            der.push(0x80 | (bytes.len() - zeros) as u8);
            der.extend_from_slice(&bytes[zeros..]);
        }
    }
    der.extend_from_slice(value);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A primitive element with its bytes, or a constructed one with its elements.
    #[derive(Clone, Debug)]
    enum Tree {
        Octets(Vec<u8>),
        Sequence(Vec<Tree>),
    }

    fn tree() -> impl Strategy<Value = Tree> {
        let octets = prop_oneof![0usize..5, 120usize..300].prop_map(|size| Tree::Octets(vec![0; size]));
        octets.prop_recursive(8, 60, 5, |inner| prop::collection::vec(inner, 0..5).prop_map(Tree::Sequence))
    }

    impl Tree {
        fn der(&self) -> Vec<u8> {
            let mut der = Vec::new();
            match self {
                Self::Octets(octets) => write(&[OCTETS], octets, &mut der),
                Self::Sequence(inner) => {
                    write(&[0x30], &inner.iter().flat_map(Self::der).collect::<Vec<u8>>(), &mut der);
                }
            }
            der
        }

        /// Encodes with indefinite lengths, and octet strings in pieces of `size` with lengths of four bytes.
        fn ber(&self, size: usize) -> Vec<u8> {
            match self {
                Self::Octets(octets) => {
                    let pieces = octets
                        .chunks(size)
                        .flat_map(|piece| [&[OCTETS, 0x84][..], &(piece.len() as u32).to_be_bytes(), piece].concat());
                    [&[OCTETS_IN_PIECES, 0x80][..], &pieces.collect::<Vec<u8>>(), &END].concat()
                }
                Self::Sequence(inner) => {
                    [&[0x30, 0x80][..], &inner.iter().flat_map(|tree| tree.ber(size)).collect::<Vec<u8>>(), &END]
                        .concat()
                }
            }
        }
    }

    proptest! {
        #[test]
        fn any_ber_is_converted_to_the_same_der(tree in tree(), size in 1usize..150, trailing: Vec<u8>) {
            let der = tree.der();
            prop_assert_eq!(to_der(&[&der[..], &trailing].concat()), Ok(der.clone()));
            prop_assert_eq!(to_der(&[tree.ber(size), trailing].concat()), Ok(der.clone()));
            for length in (0..der.len()).step_by(1 + der.len() / 9) {
                prop_assert_eq!(to_der(&der[..length]), Err(Malformed::CutOff));
            }
        }

        #[test]
        fn the_result_is_not_much_larger_than_the_input(bytes: Vec<u8>) {
            if let Ok(der) = to_der(&bytes) {
                prop_assert!(der.len() <= 2 * bytes.len());
            }
        }
    }

    #[test]
    fn invalid_ber_is_refused() {
        for (bytes, expected) in [
            (&[][..], Malformed::CutOff),
            (&[0x30], Malformed::CutOff),
            (&[0x30, 0x80, 4, 1, 7], Malformed::CutOff),
            (&[0x3F, 0x81], Malformed::CutOff),
            // A primitive element needs a length, and a piece of an octet string is an octet string.
            (&[4, 0x80, 0, 0], Malformed::Broken),
            (&[0x24, 3, 2, 1, 7], Malformed::Broken),
            (&[4, 0x85, 1, 0, 0, 0, 0], Malformed::Broken),
            (&[4, 0xFF], Malformed::Broken),
        ] {
            assert_eq!(to_der(bytes), Err(expected), "{bytes:?}");
        }
        assert_eq!(to_der(&[0x30, 0x80].repeat(1 << 18)), Err(Malformed::Broken));
    }
}
