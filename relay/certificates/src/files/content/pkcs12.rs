//! PKCS#12 files encoded as text: base64, as found in configurations and secrets, with or without the lines that
//! `openssl` and Windows' `certutil -encode` add.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::der::inside;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The version of a PKCS#12 file (RFC 7292, 4), its first element.
const VERSION: &[u8] = &[2, 1, 3];

/// Whether bytes begin like a PKCS#12 file, which may be cut off.
pub(super) fn is_pkcs12(bytes: &[u8]) -> bool {
    inside(bytes).is_some_and(|inside| inside.starts_with(VERSION))
}

/// The PKCS#12 file in a text, if there is one.
pub(crate) fn pkcs12_from_text(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = text(bytes)?;
    let body = match text.split_once("-----BEGIN ") {
        Some((_, block)) => {
            let (label, rest) = block.split_once("-----")?;
            rest.split_once(&format!("-----END {label}-----"))?.0
        }
        None => text.split_once(";base64,").map_or(text.as_str(), |(_, data)| data),
    };
    let kept = body.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '"' | '\''));
    // The URL-safe alphabet too (RFC 4648, 5).
    let base64: String = kept
        .map(|letter| match letter {
            '-' => '+',
            '_' => '/',
            letter => letter,
        })
        .collect();
    BASE64.decode(base64).ok().filter(|decoded| is_pkcs12(decoded))
}

/// UTF-8, or UTF-16 with a byte order mark, as Windows PowerShell writes it.
fn text(bytes: &[u8]) -> Option<String> {
    let units = |order: fn([u8; 2]) -> u16, bytes: &[u8]| -> Vec<u16> {
        bytes.as_chunks().0.iter().copied().map(order).collect()
    };
    // A text that was converted twice may have a second mark after the first.
    let unmarked = |text: String| text.trim_start_matches('\u{FEFF}').to_owned();
    let text = match bytes {
        [0xFF, 0xFE, rest @ ..] => String::from_utf16(&units(u16::from_le_bytes, rest)).ok(),
        [0xFE, 0xFF, rest @ ..] => String::from_utf16(&units(u16::from_be_bytes, rest)).ok(),
        [0xEF, 0xBB, 0xBF, rest @ ..] => str::from_utf8(rest).ok().map(str::to_owned),
        bytes => str::from_utf8(bytes).ok().map(str::to_owned),
    };
    text.map(unmarked)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &[u8] = include_bytes!("../pfx/files/aes-256.pfx");

    #[test]
    fn pkcs12_is_found_in_every_variant_of_base64_text() {
        let base64 = BASE64.encode(FILE);
        let lines = |end: &str| {
            base64
                .as_bytes()
                .chunks(64)
                .map(|line| format!("{}{end}", str::from_utf8(line).unwrap()))
                .collect::<String>()
        };
        let block = |label: &str| format!("-----BEGIN {label}-----\r\n{}-----END {label}-----\r\n", lines("\r\n"));
        for text in [
            base64.clone(),
            lines("\n"),
            format!("\u{FEFF}{}", lines("\r\n")),
            base64.trim_end_matches('=').to_owned(),
            base64.replace('+', "-").replace('/', "_"),
            format!("\"{base64}\""),
            format!("data:application/x-pkcs12;base64,{base64}"),
            block("PKCS12"),
            block("CERTIFICATE"),
            format!("Bag Attributes\r\n{}", block("PKCS12")),
        ] {
            assert_eq!(pkcs12_from_text(text.as_bytes()).as_deref(), Some(FILE), "{text}");
            let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert_eq!(pkcs12_from_text(&[&[0xFF, 0xFE][..], &utf_16].concat()).as_deref(), Some(FILE), "{text}");
        }
    }

    #[test]
    fn other_text_is_not_taken_for_pkcs12() {
        let certificate = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap().cert;
        let base64 = BASE64.encode(certificate.der());
        for text in
            [b"".as_slice(), FILE, b"mango", certificate.pem().as_bytes(), base64.as_bytes(), b"-----BEGIN PKCS12-----"]
        {
            assert_eq!(pkcs12_from_text(text), None);
        }
        assert!(
            is_pkcs12(FILE)
                && is_pkcs12(&[0x30, 0x80, 2, 1, 3])
                && is_pkcs12(&[0x30, 3, 2, 1, 3])
                && !is_pkcs12(&[0x30, 0x82])
        );
    }
}
