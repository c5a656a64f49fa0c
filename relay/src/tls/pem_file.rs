//! Certificates and keys in PEM.

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::fault::TlsFault;

/// What every binary certificate and PKCS#12 file begins with, a sequence in DER, and no text.
const SEQUENCE: u8 = 0x30;

/// The certificates of a file, in its order, of which there is at least one.
pub(crate) fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsFault> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match read {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ if is_binary(pem) => Err(TlsFault::Binary),
        Ok(_) => Err(TlsFault::NoCertificate),
        Err(_) => Err(TlsFault::BadCertificate { number: CertificateDer::pem_slice_iter(pem).flatten().count() + 1 }),
    }
}

/// The first private key of a file.
pub(super) fn key(pem: &[u8]) -> Result<PrivateKeyDer<'static>, TlsFault> {
    PrivateKeyDer::from_pem_slice(pem).map_err(|_| {
        let text = String::from_utf8_lossy(pem);
        // The first is PKCS#8's way to say so, the second that of OpenSSL's older files (RFC 1421).
        if text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED") {
            TlsFault::EncryptedKey
        } else if is_binary(pem) {
            TlsFault::Binary
        } else {
            TlsFault::NoKey
        }
    })
}

/// Whether a file is binary where text was expected.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    bytes.first() == Some(&SEQUENCE) && std::str::from_utf8(bytes).is_err()
}
