//! The blocks of a PEM file (RFC 7468).

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::text::printable;

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";

/// Longest label in an error message, characters.
const MAX_LABEL: usize = 40;

/// Padding may be missing, and the bits after the last byte may be set: OpenSSL reads such files too.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A block with BEGIN and END.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// The line of its BEGIN, from 1.
    pub(super) line: usize,
    /// The label after BEGIN.
    pub(super) label: String,
    /// The bytes; none if they are not base64.
    pub(super) bytes: Option<Vec<u8>>,
    /// Whether the header declares encryption (RFC 1421, 4.6.1.1).
    pub(super) encrypted: bool,
}

/// Why a block cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlockFault {
    /// The BEGIN line is not complete.
    #[error("-----BEGIN is not followed by a label and -----; copy or export the file again")]
    BadBegin,
    /// The content is not base64.
    #[error("the block {0} is damaged, its text is not base64; copy or export the file again")]
    NotBase64(String),
    /// The END line has another label.
    #[error("the block {0} ends with the line of another block; copy or export the file again")]
    OtherEnd(String),
    /// There is no END line.
    #[error("the block {0} has no line -----END {0}-----; copy or export the file again")]
    NoEnd(String),
    /// There is an END line without its BEGIN.
    #[error("this line ends a block that has no line -----BEGIN; copy or export the file again")]
    NoBegin,
    /// The content is not a certificate.
    #[error("the block {label} holds {held}, not a certificate; copy or export the file again")]
    NoCertificate {
        /// The label.
        label: String,
        /// The content.
        held: &'static str,
    },
    /// The certificates are in an unsupported format.
    #[error(
        "the certificates of the block {0} are not read; turn them into PEM with `openssl pkcs7 -in FILE -print_certs -out \
         cert.pem`"
    )]
    Pkcs7(String),
    /// The label is not supported.
    #[error(
        "the block {0} is not supported; remove it, or give the file that the authority sent (certificates begin \
         with -----BEGIN CERTIFICATE-----)"
    )]
    UnknownLabel(String),
    /// TLS does not support the type of the private key.
    #[error(
        "the private key in the block {0} is damaged, or of an unsupported type (those of TLS begin with -----BEGIN \
         PRIVATE KEY-----, BEGIN RSA PRIVATE KEY or BEGIN EC PRIVATE KEY); copy or export the file again"
    )]
    Key(String),
}

/// An error and its line, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BadBlock {
    pub(super) line: usize,
    pub(super) fault: BlockFault,
}

/// The blocks of a file in file order. Text outside of blocks is not part of PEM, and is skipped.
pub(super) fn blocks(pem: &[u8]) -> Vec<Result<Block, BadBlock>> {
    let mut scanner = Scanner { pem, at: 0, line: 1 };
    std::iter::from_fn(|| scanner.next()).collect()
}

struct Scanner<'a> {
    pem: &'a [u8],
    at: usize,
    /// The line of `at`.
    line: usize,
}

impl Scanner<'_> {
    fn next(&mut self) -> Option<Result<Block, BadBlock>> {
        let (at, kind) = self.boundary()?;
        self.go_to(at);
        let line = self.line;
        let bad = |fault| Some(Err(BadBlock { line, fault }));
        self.go_to(at + kind.len());
        let label = self.label();
        if kind == END {
            return bad(BlockFault::NoBegin);
        }
        let Some(label) = label else { return bad(BlockFault::BadBegin) };
        let from = self.at;
        let Some((body_to, END)) = self.boundary() else { return bad(BlockFault::NoEnd(label)) };
        self.go_to(body_to + END.len());
        if self.label().as_ref() != Some(&label) {
            return bad(BlockFault::OtherEnd(label));
        }
        let (header, body) = header_and_body(&self.pem[from..body_to]);
        let text: Vec<u8> = body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let bytes = BASE64.decode(text).ok().filter(|bytes| !bytes.is_empty());
        Some(Ok(Block { line, label, bytes, encrypted: contains(header, b"ENCRYPTED") }))
    }

    /// The next BEGIN or END.
    fn boundary(&self) -> Option<(usize, &'static [u8])> {
        let rest = &self.pem[self.at..];
        rest.windows(END.len()).enumerate().find_map(|(offset, part)| match part {
            END => Some((self.at + offset, END)),
            _ if rest[offset..].starts_with(BEGIN) => Some((self.at + offset, BEGIN)),
            _ => None,
        })
    }

    /// The label that starts here, if it ends in this line with dashes.
    fn label(&mut self) -> Option<String> {
        let rest = &self.pem[self.at..];
        let line = rest.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
        let length = line.windows(DASHES.len()).position(|part| part == DASHES)?;
        let label = String::from_utf8_lossy(&line[..length]);
        let label = printable(label.trim()).chars().take(MAX_LABEL).collect();
        self.go_to(self.at + length + DASHES.len());
        Some(label)
    }

    fn go_to(&mut self, at: usize) {
        let passed = &self.pem[self.at..at];
        // A carriage return ends a line, alone or with a line feed after it.
        let alone = |(index, byte): (usize, &u8)| *byte == b'\r' && self.pem.get(self.at + index + 1) != Some(&b'\n');
        let ends = passed.iter().filter(|byte| **byte == b'\n').count();
        self.line += ends + passed.iter().enumerate().filter(|pair| alone(*pair)).count();
        self.at = at;
    }
}

/// The header before the first empty line, if there is one, and the rest.
fn header_and_body(text: &[u8]) -> (&[u8], &[u8]) {
    let has_header =
        text.trim_ascii_start().split(|byte| *byte == b'\n').next().is_some_and(|line| line.contains(&b':'));
    let end = |gap: &[u8]| text.trim_ascii_start().windows(gap.len()).position(|part| part == gap);
    match end(b"\n\n").into_iter().chain(end(b"\n\r\n")).min() {
        Some(at) if has_header => text.trim_ascii_start().split_at(at),
        _ => (&[], text),
    }
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|part| part == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Line, label and bytes of a block, or line and fault.
    type Found = Result<(usize, String, Option<Vec<u8>>), (usize, BlockFault)>;

    fn found(pem: &str) -> Vec<Found> {
        let flat = |block: Result<Block, BadBlock>| match block {
            Ok(block) => Ok((block.line, block.label, block.bytes)),
            Err(bad) => Err((bad.line, bad.fault)),
        };
        blocks(pem.as_bytes()).into_iter().map(flat).collect()
    }

    #[test]
    fn blocks_are_read_with_every_line_ending() {
        let pem =
            "subject=/CN=a\n-----BEGIN A B-----\nAAEC\n-----END A B-----\n\n-----BEGIN C-----\nAwQ=\n-----END C-----";
        let expected = vec![Ok((2, "A B".to_owned(), Some(vec![0, 1, 2]))), Ok((6, "C".to_owned(), Some(vec![3, 4])))];
        assert_eq!(found(pem), expected);
        assert_eq!(found(&pem.replace('\n', "\r\n")), expected);
        assert_eq!(found(&pem.replace('\n', "\r")), expected);
        // Indented as in YAML, and two files concatenated without a line end between them.
        assert_eq!(found(&pem.replace('\n', "\n    ")), expected);
        assert_eq!(
            found(&pem.replace("-----\n\n-----", "----------")).last(),
            Some(&Ok((4, "C".to_owned(), Some(vec![3, 4]))))
        );
        assert!(found("no block\n---------- \n").is_empty());
    }

    #[test]
    fn an_unreadable_block_is_reported_with_its_line() {
        let label = || "A".to_owned();
        for (pem, expected) in [
            ("-----BEGIN A-----\nAA!A\n-----END A-----\n", vec![Ok((1, label(), None))]),
            ("-----BEGIN A-----\n-----END A-----\n", vec![Ok((1, label(), None))]),
            ("\n-----BEGIN A-----\nAAEC\n", vec![Err((2, BlockFault::NoEnd(label())))]),
            (
                "-----BEGIN A-----\nAAEC\n-----BEGIN A-----\nAAEC\n-----END A-----\n",
                vec![Err((1, BlockFault::NoEnd(label()))), Ok((3, label(), Some(vec![0, 1, 2])))],
            ),
            ("----BEGIN A-----\nAAEC\n-----END A-----\n", vec![Err((3, BlockFault::NoBegin))]),
            (
                "-----BEGIN A----\nAAEC\n-----END A-----\n",
                vec![Err((1, BlockFault::BadBegin)), Err((3, BlockFault::NoBegin))],
            ),
            ("-----BEGIN A-----\nAAEC\n-----END B-----\n", vec![Err((1, BlockFault::OtherEnd(label())))]),
        ] {
            assert_eq!(found(pem), expected, "{pem}");
        }
    }

    #[test]
    fn a_header_is_not_part_of_the_bytes() {
        let pem = b"-----BEGIN A-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAEC\n-----END A-----\n";
        let found = blocks(pem);
        let [Ok(block)] = &found[..] else { panic!("one block") };
        assert_eq!((block.encrypted, block.bytes.as_deref()), (true, Some(&[0, 1, 2][..])));
    }
}
