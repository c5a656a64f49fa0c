//! Deletion codes.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mango_inference::sha256;

use super::record::RecordId;

/// Random bytes of a code.
const BYTES: usize = 16;

/// The secret by which a grower deletes a record: 128 random bits, as 22 characters of base64's alphabet for URLs.
///
/// The relay keeps only its hash, as the record's id. Whoever reads the folder does not learn the codes.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct DeletionCode([u8; BYTES]);

/// The system gives no random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no random numbers for a deletion code")]
pub struct NoRandomness;

/// The text is not a deletion code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a deletion code has 22 letters, digits, `-` and `_`")]
pub(crate) struct CodeError;

impl DeletionCode {
    /// A new code from the TLS library's random number generator.
    pub(super) fn random() -> Result<Self, NoRandomness> {
        let mut bytes = [0; BYTES];
        rustls::crypto::ring::default_provider().secure_random.fill(&mut bytes).map_err(|_| NoRandomness)?;
        Ok(Self(bytes))
    }

    /// The id of the record that it deletes.
    pub(crate) fn id(&self) -> RecordId {
        RecordId::of_sha256(&sha256(&self.0))
    }
}

impl fmt::Display for DeletionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for DeletionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeletionCode(secret)")
    }
}

impl FromStr for DeletionCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let mut bytes = [0; BYTES];
        let decoded = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes);
        if decoded == Ok(BYTES) { Ok(Self(bytes)) } else { Err(CodeError) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_read_as_it_is_shown_and_no_two_are_alike() {
        let (one, other) = (DeletionCode::random().unwrap(), DeletionCode::random().unwrap());
        let text = one.to_string();
        assert_eq!(text.len(), 22);
        assert_eq!(text.parse(), Ok(one.clone()));
        assert!(one != other && one.id() != other.id());
        assert!(!format!("{one:?}").contains(&text));
    }

    #[test]
    fn other_texts_are_no_codes() {
        let code = DeletionCode([0xff; BYTES]).to_string();
        for text in
            ["", &code[1..], &format!("{code}A"), &format!("{}=", &code[..21]), "../../../../etc/passwd", "%2e%2e"]
        {
            assert_eq!(text.parse::<DeletionCode>(), Err(CodeError), "{text}");
        }
        // The last character has four unused bits, which have one spelling only.
        assert_eq!(format!("{}x", &code[..21]).parse::<DeletionCode>(), Err(CodeError));
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_without_panic(text in ".*") {
            let _ = text.parse::<DeletionCode>();
        }
    }
}
