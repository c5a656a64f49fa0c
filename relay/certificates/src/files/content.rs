//! Recognises the content of a file that was given in place of a certificate or key.

mod der;
mod pkcs12;
mod words;

pub(crate) use pkcs12::pkcs12_from_text;

use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::prelude::FromDer;
use x509_parser::x509::SubjectPublicKeyInfo;

use crate::certificate::Details;
use der::inside;

/// The content of a file, as far as it can be recognised without a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// ZIP, gzip, 7z or RAR.
    Archive,
    /// Other binary data.
    Binary,
    /// A certificate in DER.
    BinaryCertificate,
    /// A private key in DER, encrypted or not.
    BinaryKey,
    /// Certificates in PKCS#7, in DER.
    BinaryPkcs7,
    /// A certificate in PEM, and no private key.
    Certificate,
    /// An empty file.
    Empty,
    /// An encrypted private key in PEM.
    EncryptedKey,
    /// A Java keystore that is not PKCS#12.
    JavaKeystore(Keystore),
    /// A private key in PEM.
    Key,
    /// Other text.
    Other,
    /// A PKCS#12 file, in binary or in base64.
    Pkcs12,
    /// Certificates in PKCS#7, in PEM.
    Pkcs7,
    /// A public key.
    PublicKey,
    /// A certificate signing request.
    Request,
    /// Text in UTF-16.
    Utf16,
    /// HTML or XML.
    WebPage,
}

/// A type of Java keystore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keystore {
    /// Bouncy Castle's BKS or UBER, which have the same first bytes.
    BouncyCastle,
    /// Java's JCEKS.
    Jceks,
    /// Java's JKS.
    Jks,
}

/// The first bytes of Java keystores and archives. JKS and JCEKS have a magic number; those of Bouncy Castle begin with
/// their version and the length of the salt, 20. The archives are ZIP, gzip, 7z and RAR.
const MAGIC: [(&[u8], Content); 8] = [
    (&[0xFE, 0xED, 0xFE, 0xED], Content::JavaKeystore(Keystore::Jks)),
    (&[0xCE, 0xCE, 0xCE, 0xCE], Content::JavaKeystore(Keystore::Jceks)),
    (&[0, 0, 0, 1, 0, 0, 0, 20], Content::JavaKeystore(Keystore::BouncyCastle)),
    (&[0, 0, 0, 2, 0, 0, 0, 20], Content::JavaKeystore(Keystore::BouncyCastle)),
    (b"PK\x03\x04", Content::Archive),
    (&[0x1F, 0x8B, 8], Content::Archive),
    (b"7z\xBC\xAF\x27\x1C", Content::Archive),
    (b"Rar!\x1A\x07", Content::Archive),
];

/// The versions of private keys that are not encrypted (RFC 5208, 5958, 8017 and 5915).
const KEY_VERSIONS: [&[u8]; 2] = [&[2, 1, 0], &[2, 1, 1]];
/// The prefix of pkcs-5 object identifiers (RFC 8018), one of which is in an encrypted private key.
const PKCS5: &[u8] = &[6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 5];
/// signedData (RFC 2315, 14).
const PKCS7_SIGNED: &[u8] = &[6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2];

impl Content {
    /// Recognises the content of a whole file.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        // Checked first, since some of these would pass as text.
        if let Some((_, content)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
            return *content;
        }
        match std::str::from_utf8(bytes) {
            _ if bytes.trim_ascii().is_empty() => Self::Empty,
            _ if pkcs12_from_text(bytes).is_some() => Self::Pkcs12,
            _ if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) => Self::Utf16,
            // Text around PEM may be in any encoding.
            _ if bytes.windows(11).any(|part| part == b"-----BEGIN ") => Self::of_text(&String::from_utf8_lossy(bytes)),
            Ok(text) => Self::of_text(text),
            Err(_) => Self::of_binary(bytes),
        }
    }

    fn of_text(text: &str) -> Self {
        let begins = |kinds: &[&str]| kinds.iter().any(|kind| text.contains(&format!("-----BEGIN {kind}-----")));
        // The first is PKCS#8, the second OpenSSL's older format (RFC 1421).
        if begins(&["ENCRYPTED PRIVATE KEY"]) || text.contains("Proc-Type: 4,ENCRYPTED") {
            Self::EncryptedKey
        } else if text.contains("PRIVATE KEY-----") {
            Self::Key
        } else if begins(&["CERTIFICATE", "TRUSTED CERTIFICATE", "X509 CERTIFICATE"]) {
            Self::Certificate
        } else if begins(&["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"]) {
            Self::Request
        } else if begins(&["PUBLIC KEY", "RSA PUBLIC KEY", "SSH2 PUBLIC KEY"]) || text.starts_with("ssh-") {
            Self::PublicKey
        } else if begins(&["PKCS7", "CMS"]) {
            Self::Pkcs7
        } else if text.trim_start_matches('\u{FEFF}').trim_start().starts_with('<') {
            Self::WebPage
        } else {
            Self::Other
        }
    }

    fn of_binary(bytes: &[u8]) -> Self {
        let Some(inside) = inside(bytes) else { return Self::Binary };
        if pkcs12::is_pkcs12(bytes) {
            Self::Pkcs12
        } else if KEY_VERSIONS.iter().any(|version| inside.starts_with(version)) || is_encrypted_key(inside) {
            Self::BinaryKey
        } else if inside.starts_with(PKCS7_SIGNED) {
            Self::BinaryPkcs7
        } else if Details::of(bytes).is_some() {
            Self::BinaryCertificate
        } else if X509CertificationRequest::from_der(bytes).is_ok() {
            Self::Request
        } else if SubjectPublicKeyInfo::from_der(bytes).is_ok() {
            Self::PublicKey
        } else {
            Self::Binary
        }
    }
}

fn is_encrypted_key(inside_outer: &[u8]) -> bool {
    inside(inside_outer).is_some_and(|scheme| scheme.starts_with(PKCS5))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, KeyPair, PublicKeyData};

    #[test]
    fn certificates_and_keys_are_recognised_in_pem_and_der() {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["relay.example".to_owned()]).unwrap();
        let (certificate, request) = (params.self_signed(&key).unwrap(), params.serialize_request(&key).unwrap());
        for (der, pem, binary, text) in [
            (certificate.der().to_vec(), certificate.pem(), Content::BinaryCertificate, Content::Certificate),
            (request.der().to_vec(), request.pem().unwrap(), Content::Request, Content::Request),
            (key.serialize_der(), key.serialize_pem(), Content::BinaryKey, Content::Key),
            (key.subject_public_key_info(), key.public_key_pem(), Content::PublicKey, Content::PublicKey),
        ] {
            assert_eq!((Content::of(&der), Content::of(pem.as_bytes())), (binary, text), "{pem}");
            // With text before it, as openssl writes, in a legacy encoding.
            assert_eq!(Content::of(&[b"CN=gr\xFCn\r\n", pem.as_bytes()].concat()), text, "{pem}");
        }
        assert_eq!(Content::of((certificate.pem() + &key.serialize_pem()).as_bytes()), Content::Key);
        for pfx in [&include_bytes!("pfx/files/aes-256.pfx")[..], include_bytes!("pfx/files/3des.pfx")] {
            assert_eq!((Content::of(pfx), Content::of(&pfx[..pfx.len() / 2])), (Content::Pkcs12, Content::Pkcs12));
        }
    }

    #[test]
    fn other_content_is_recognised() {
        for (bytes, content) in [
            (&b""[..], Content::Empty),
            (b" \r\n\n", Content::Empty),
            (b"\r\n<!DOCTYPE html><title>Log in</title>", Content::WebPage),
            (b"\xFF\xFE-\0-\0-\0", Content::Utf16),
            (b"-----BEGIN PKCS7-----\nMII\n-----END PKCS7-----\n", Content::Pkcs7),
            (b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n", Content::EncryptedKey),
            (b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII\n", Content::EncryptedKey),
            (b"0 leaves", Content::Other),
            (b"0", Content::Other),
            (b"\x30\x84\xFF", Content::Binary),
            (b"\xFF\xD8\xFF\xE0 a photo", Content::Binary),
            (b"\xFE\xED\xFE\xED\0\0\0\x02", Content::JavaKeystore(Keystore::Jks)),
            (b"\xCE\xCE\xCE\xCE\0\0\0\x02", Content::JavaKeystore(Keystore::Jceks)),
            (b"\0\0\0\x02\0\0\0\x14salt", Content::JavaKeystore(Keystore::BouncyCastle)),
            (b"PK\x03\x04relay.example", Content::Archive),
        ] {
            assert_eq!(Content::of(bytes), content, "{bytes:?}");
        }
    }
}
