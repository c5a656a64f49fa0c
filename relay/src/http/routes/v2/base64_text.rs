//! Base64 in JSON.

use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{DecodeError, Engine, alphabet};

const CONFIG: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, CONFIG);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, CONFIG);

/// Decodes base64 of either alphabet (RFC 4648, 4 and 5), with or without padding, with line breaks (RFC 2045, 6.8) or
/// as a data URL (RFC 2397). Clients of model servers and browsers send all of these.
///
/// # Errors
/// An invalid character or length.
pub(super) fn decode(text: &str) -> Result<Vec<u8>, DecodeError> {
    let data = text.strip_prefix("data:").and_then(|url| url.split_once(";base64,")).map_or(text, |(_, data)| data);
    let engine = if data.contains(['-', '_']) { &URL_SAFE } else { &STANDARD };
    if !data.bytes().any(|byte| byte.is_ascii_whitespace()) {
        return engine.decode(data);
    }
    let one_line: Vec<u8> = data.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    engine.decode(one_line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_variant_of_base64_is_decoded(
            bytes in proptest::collection::vec(any::<u8>(), 0..300),
            line in 1usize..80,
            end in proptest::sample::select(vec!["\n", "\r\n", " ", "\t\r"]),
        ) {
            let text = STANDARD.encode(&bytes);
            let lines: Vec<&str> = text.as_bytes().chunks(line).map(|line| str::from_utf8(line).unwrap()).collect();
            for written in [
                text.clone(),
                lines.join(end) + end,
                text.trim_end_matches('=').to_owned(),
                URL_SAFE.encode(&bytes),
                format!("data:image/jpeg;base64,{text}"),
            ] {
                prop_assert_eq!(decode(&written), Ok(bytes.clone()), "{}", written);
            }
        }
    }

    #[test]
    fn invalid_base64_is_refused() {
        for text in ["leaf.jpg", "AAA=A", "A", "data:image/jpeg,AAAA", "芒果", "-_+/"] {
            assert!(decode(text).is_err(), "{text}");
        }
    }
}
