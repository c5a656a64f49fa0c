//! Certificates and keys in PEM.

mod blocks;

pub use blocks::BlockFault;

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer};

use super::content::Content;
use crate::certificate::Details;
use crate::fault::TlsFault;
use blocks::{BadBlock, Block, blocks};

/// The byte order mark that Windows' editor writes.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// The labels of certificates: that of RFC 7468, a legacy one, and OpenSSL's for a certificate followed by trust
/// settings.
const CERTIFICATES: [&str; 3] = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"];

/// Blocks next to certificates that are not part of the chain. Private keys are skipped too.
const OTHERS: [&str; 9] = [
    "CERTIFICATE REQUEST",
    "DH PARAMETERS",
    "DSA PARAMETERS",
    "EC PARAMETERS",
    "NEW CERTIFICATE REQUEST",
    "PUBLIC KEY",
    "RSA PUBLIC KEY",
    "X509 CRL",
    "X9.42 DH PARAMETERS",
];

/// The certificates of a file in file order, at least one.
///
/// # Errors
/// The content of a file without certificates, or the first unreadable block.
pub fn certificates(file: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsFault> {
    let blocks = blocks(file.strip_prefix(MARK).unwrap_or(file));
    let none = || TlsFault::NoCertificate(Content::of(file));
    if !blocks.iter().any(may_hold_certificates) {
        return Err(none());
    }
    let mut certificates = Vec::new();
    for block in blocks {
        let block = block.map_err(|BadBlock { line, fault }| TlsFault::BadBlock { line, fault })?;
        certificates.extend(certificate(block)?);
    }
    if certificates.is_empty() { Err(none()) } else { Ok(certificates) }
}

/// Whether a file with this block was meant to contain certificates. An unknown label may be a misspelt one.
fn may_hold_certificates(block: &Result<Block, BadBlock>) -> bool {
    match block {
        Ok(Block { label, .. }) => !is_private_key(label) && !OTHERS.contains(&label.as_str()) && !is_pkcs7(label),
        Err(BadBlock { fault: BlockFault::NoEnd(label) | BlockFault::OtherEnd(label), .. }) => !is_private_key(label),
        Err(_) => true,
    }
}

/// The certificate of a block; none for a block to skip.
fn certificate(block: Block) -> Result<Option<CertificateDer<'static>>, TlsFault> {
    let Block { line, label, bytes, .. } = block;
    let bad = |fault| Err(TlsFault::BadBlock { line, fault });
    if is_private_key(&label) || OTHERS.contains(&label.as_str()) {
        return Ok(None);
    }
    if is_pkcs7(&label) {
        return bad(BlockFault::Pkcs7(label));
    }
    if !CERTIFICATES.contains(&label.as_str()) {
        return bad(BlockFault::UnknownLabel(label));
    }
    let Some(mut bytes) = bytes else { return bad(BlockFault::NotBase64(label)) };
    let Some(length) = Details::length(&bytes) else {
        // Windows' certutil uses this label for any content.
        return match Content::of(&bytes) {
            content @ (Content::Pkcs12 | Content::JavaKeystore(_)) => Err(TlsFault::NoCertificate(content)),
            Content::BinaryPkcs7 => bad(BlockFault::Pkcs7(label)),
            content => bad(BlockFault::NoCertificate { label, held: content.name() }),
        };
    };
    bytes.truncate(length);
    Ok(Some(CertificateDer::from(bytes)))
}

/// The first private key of a file.
///
/// # Errors
/// The content of a file without a key, or the unreadable block of the key.
pub(crate) fn key(file: &[u8]) -> Result<PrivateKeyDer<'static>, TlsFault> {
    let none = || TlsFault::NoKey(Content::of(file));
    for block in blocks(file.strip_prefix(MARK).unwrap_or(file)) {
        let bad = |line, fault| Err(TlsFault::BadBlock { line, fault });
        match block {
            Ok(Block { label, encrypted, .. }) if encrypted || label == "ENCRYPTED PRIVATE KEY" => {
                return Err(TlsFault::NoKey(Content::EncryptedKey));
            }
            Ok(Block { line, label, bytes, .. }) if is_private_key(&label) => {
                let Some(bytes) = bytes else { return bad(line, BlockFault::NotBase64(label)) };
                return match label.as_str() {
                    "PRIVATE KEY" => Ok(PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(bytes))),
                    "RSA PRIVATE KEY" => Ok(PrivateKeyDer::Pkcs1(PrivatePkcs1KeyDer::from(bytes))),
                    "EC PRIVATE KEY" => Ok(PrivateKeyDer::Sec1(PrivateSec1KeyDer::from(bytes))),
                    _ => bad(line, BlockFault::Key(label)),
                };
            }
            Ok(_) => {}
            Err(BadBlock { line, fault }) => return bad(line, fault),
        }
    }
    Err(none())
}

fn is_private_key(label: &str) -> bool {
    label.ends_with("PRIVATE KEY")
}

fn is_pkcs7(label: &str) -> bool {
    matches!(label, "PKCS7" | "PKCS #7 SIGNED DATA" | "CMS")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCKED: &str = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n\
                          -----END RSA PRIVATE KEY-----\n";

    fn made() -> rcgen::CertifiedKey<rcgen::KeyPair> {
        rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap()
    }

    #[test]
    fn byte_order_marks_and_other_blocks_are_skipped() {
        let made = made();
        let pem = made.cert.pem();
        let parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
        let key_pem = made.signing_key.serialize_pem();
        for file in [
            format!("\u{FEFF}{pem}"),
            format!("{LOCKED}{pem}"),
            format!("{pem}{LOCKED}"),
            format!("{parameters}{key_pem}{pem}"),
        ] {
            assert_eq!(certificates(file.as_bytes()).unwrap(), [made.cert.der().clone()], "{file}");
        }
        for file in [format!("\u{FEFF}{key_pem}"), format!("{parameters}{key_pem}"), format!("{pem}{key_pem}")] {
            assert!(key(file.as_bytes()).is_ok(), "{file}");
        }
        assert!(matches!(certificates(LOCKED.as_bytes()), Err(TlsFault::NoCertificate(Content::EncryptedKey))));
        assert!(matches!(key(LOCKED.as_bytes()), Err(TlsFault::NoKey(Content::EncryptedKey))));
    }

    #[test]
    fn every_certificate_label_is_read_and_trailing_data_are_cut_off() {
        let der = made().cert.der().clone();
        // As `openssl x509 -trustout -setalias a` writes it: the certificate, then a sequence.
        let trusted = [&der[..], &[0x30, 3, 0x0C, 1, b'a']].concat();
        for label in CERTIFICATES {
            for bytes in [&der[..], &trusted] {
                let file = pem::encode(&pem::Pem::new(label, bytes));
                assert_eq!(certificates(file.as_bytes()).unwrap(), std::slice::from_ref(&der), "{label}");
            }
        }
    }

    #[test]
    fn an_unreadable_block_is_reported_with_its_line() {
        let good = made().cert.pem().replace("\r\n", "\n");
        let lines = good.lines().count();
        let (head, tail) = good.split_at(good.len() / 2);
        let (bad, cut) = (format!("{head}!{tail}"), format!("{head}\n"));
        let other = good.replace("CERTIFICATE", "CERTIFCATE");
        let empty = "-----BEGIN CERTIFICATE-----\nMIL/\n-----END CERTIFICATE-----\n";
        let pkcs7 = "-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----\n";
        let label = || "CERTIFICATE".to_owned();
        for (file, expected_line, expected) in [
            (format!("{LOCKED}{good}{bad}"), 7 + lines, BlockFault::NotBase64(label())),
            (format!("{good}{LOCKED}{bad}{good}"), 7 + lines, BlockFault::NotBase64(label())),
            (format!("{bad}{good}"), 1, BlockFault::NotBase64(label())),
            (format!("{cut}{good}{good}"), 1, BlockFault::NoEnd(label())),
            (format!("{good}{good}{cut}"), 1 + 2 * lines, BlockFault::NoEnd(label())),
            (format!("{good}{other}"), 1 + lines, BlockFault::UnknownLabel("CERTIFCATE".to_owned())),
            (other.clone(), 1, BlockFault::UnknownLabel("CERTIFCATE".to_owned())),
            (format!("{good}{pkcs7}"), 1 + lines, BlockFault::Pkcs7("PKCS7".to_owned())),
            (
                format!("{good}{empty}"),
                1 + lines,
                BlockFault::NoCertificate { label: label(), held: Content::Binary.name() },
            ),
        ] {
            let found = certificates(file.as_bytes());
            assert!(
                matches!(&found, Err(TlsFault::BadBlock { line, fault }) if *line == expected_line && *fault == expected),
                "{found:?}\n{file}"
            );
        }
        // Two concatenated files, the first without a final line end.
        assert_eq!(certificates(format!("{}{good}", good.trim_end()).as_bytes()).unwrap().len(), 2);
    }

    #[test]
    fn an_unreadable_key_is_reported_with_its_line() {
        let good = made().signing_key.serialize_pem();
        for (first, expected) in [
            (
                "-----BEGIN PRIVATE KEY-----\nA!\n-----END PRIVATE KEY-----\n",
                BlockFault::NotBase64("PRIVATE KEY".to_owned()),
            ),
            (
                "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
                BlockFault::Key("OPENSSH PRIVATE KEY".to_owned()),
            ),
        ] {
            let found = key(format!("\n{first}{good}").as_bytes());
            assert!(matches!(&found, Err(TlsFault::BadBlock { line: 2, fault }) if *fault == expected), "{found:?}");
        }
    }
}
