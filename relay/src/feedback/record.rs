//! A record in its file: one line of JSON with the facts, then the picture.
//!
//! One file holds both, so that no record is ever half there. The line has the picture's size and sha256, by which
//! damage is noticed.

use std::fmt;

use mango_inference::sha256;
use serde::{Deserialize, Serialize};

use super::facts::Facts;

/// The version of the format.
const FORMAT: u32 = 1;
/// Longest first line, bytes.
pub(crate) const MAX_HEADER: usize = 4096;
/// Hexadecimal digits of an id.
const DIGITS: usize = 32;

/// The id of a record: the first half of the sha256 of its deletion code, in lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct RecordId(String);

impl RecordId {
    /// The id from a sha256 in hexadecimal.
    pub(crate) fn of_sha256(digest: &str) -> Self {
        Self(digest.chars().take(DIGITS).collect())
    }

    /// The id, if the text is one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (text.len() == DIGITS && text.bytes().all(digit)).then(|| Self(text.to_owned()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first digits, by which people tell records apart.
    pub(crate) fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The first line of a record's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Header {
    format: u32,
    #[serde(flatten)]
    pub(crate) facts: Facts,
    /// Size of the picture.
    pub(crate) bytes: usize,
    /// The picture's sha256 in hexadecimal.
    pub(crate) sha256: String,
}

/// Why a record's file cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RecordError {
    /// The first line is no header.
    #[error("its first line is not a record's: {0}")]
    Header(String),
    /// The picture is not the one that was stored.
    #[error("its picture is damaged")]
    Picture,
}

/// The content of a record's file.
pub(crate) fn encoded(facts: Facts, picture: &[u8]) -> Vec<u8> {
    let header = Header { format: FORMAT, facts, bytes: picture.len(), sha256: sha256(picture) };
    // Cannot fail: only strings and numbers are serialised.
    let mut bytes = serde_json::to_vec(&header).unwrap_or_default();
    bytes.push(b'\n');
    bytes.extend_from_slice(picture);
    bytes
}

/// The header at the beginning of a file, and its length with the line's end.
pub(crate) fn header(start: &[u8]) -> Result<(Header, usize), RecordError> {
    let end = start.iter().take(MAX_HEADER).position(|byte| *byte == b'\n');
    let end = end.ok_or_else(|| RecordError::Header("the line has no end".to_owned()))?;
    let header: Header =
        serde_json::from_slice(&start[..end]).map_err(|error| RecordError::Header(error.to_string()))?;
    if header.format != FORMAT {
        return Err(RecordError::Header(format!("the format is {}, not {FORMAT}", header.format)));
    }
    Ok((header, end + 1))
}

/// The header and the picture of a whole file.
pub(crate) fn decoded(file: &[u8]) -> Result<(Header, &[u8]), RecordError> {
    let (header, length) = header(file)?;
    let picture =
        file.get(length..).filter(|picture| picture.len() == header.bytes && sha256(picture) == header.sha256);
    picture.map(|picture| (header, picture)).ok_or(RecordError::Picture)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mango_inference::{ClassId, Verdict};
    use proptest::prelude::*;

    fn facts() -> Facts {
        let class = |id: &str| ClassId::try_from(id.to_owned()).unwrap();
        Facts {
            label: class("anthracnose"),
            answer: class("healthy"),
            verdict: Verdict::Unsure,
            model: "叶 1.0".to_owned(),
            day: "2026-12-01".parse().unwrap(),
        }
    }

    #[test]
    fn a_record_is_read_as_it_was_written_and_damage_is_noticed() {
        let file = encoded(facts(), b"picture\nwith lines");
        let (header, picture) = decoded(&file).unwrap();
        assert_eq!((header.facts, picture), (facts(), b"picture\nwith lines".as_slice()));
        for cut in 0..file.len() {
            assert!(decoded(&file[..cut]).is_err(), "{cut}");
        }
        let mut other = file.clone();
        *other.last_mut().unwrap() ^= 1;
        assert!(matches!(decoded(&other), Err(RecordError::Picture)));
        let newer = String::from_utf8(file).unwrap().replace("\"format\":1", "\"format\":2");
        assert!(decoded(newer.as_bytes()).unwrap_err().to_string().contains("the format is 2"));
    }

    #[test]
    fn only_the_digits_of_a_hash_are_an_id() {
        let id = RecordId::of_sha256(&sha256(b"code"));
        assert_eq!(RecordId::parse(id.as_str()), Some(id));
        for text in ["", "0123", "../../../../../../../etc/passwd0", &"A".repeat(32), &"0".repeat(33)] {
            assert_eq!(RecordId::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_file_is_read_without_panic(bytes: Vec<u8>) {
            let _ = decoded(&bytes);
        }
    }
}
