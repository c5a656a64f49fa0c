//! Certificates and keys in PEM.

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::content::Content;
use super::fault::TlsFault;

/// What Windows' editor puts at the begin of a text, and what hides the line behind it from the reader of PEM.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// The certificates of a file, in its order, of which there is at least one.
pub(crate) fn certificates(file: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsFault> {
    let pem = file.strip_prefix(MARK).unwrap_or(file);
    let begun = String::from_utf8_lossy(pem).matches("-----BEGIN CERTIFICATE-----").count();
    let whole: Vec<_> = CertificateDer::pem_slice_iter(pem).flatten().collect();
    match whole.len() {
        0 if begun == 0 => Err(TlsFault::NoCertificate(Content::of(file))),
        // What else is in the file, such as a key that is encrypted, need not be read.
        count if count >= begun => Ok(whole),
        _ => Err(TlsFault::BadCertificate { number: first_damaged(pem) }),
    }
}

/// The first private key of a file.
pub(super) fn key(file: &[u8]) -> Result<PrivateKeyDer<'static>, TlsFault> {
    let pem = file.strip_prefix(MARK).unwrap_or(file);
    PrivateKeyDer::from_pem_slice(pem).map_err(|_| TlsFault::NoKey(Content::of(file)))
}

/// The place of the first certificate that cannot be read, from 1.
fn first_damaged(pem: &[u8]) -> usize {
    CertificateDer::pem_slice_iter(pem).take_while(Result::is_ok).count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_a_mark_nor_a_locked_key_hides_a_certificate() {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let pem = made.cert.pem();
        let locked = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n\
                      -----END RSA PRIVATE KEY-----\n";
        for file in [format!("\u{FEFF}{pem}"), format!("{locked}{pem}"), format!("{pem}{locked}")] {
            assert_eq!(certificates(file.as_bytes()).unwrap(), [made.cert.der().clone()], "{file}");
        }
        assert!(key(format!("\u{FEFF}{}", made.signing_key.serialize_pem()).as_bytes()).is_ok());
        assert!(matches!(certificates(locked.as_bytes()), Err(TlsFault::NoCertificate(Content::EncryptedKey))));
        assert!(matches!(key(locked.as_bytes()), Err(TlsFault::NoKey(Content::EncryptedKey))));
    }
}
