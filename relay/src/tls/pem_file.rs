//! Certificates and keys in PEM.

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::content::Content;
use super::fault::TlsFault;

/// What Windows' editor puts at the begin of a text, and what hides the line behind it from the reader of PEM.
const MARK: &[u8] = b"\xEF\xBB\xBF";
/// What a certificate begins with.
const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// The certificates of a file, in its order, of which there is at least one.
pub(crate) fn certificates(file: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsFault> {
    let pem = file.strip_prefix(MARK).unwrap_or(file);
    let (begins, whole) = (begins(pem), whole(pem));
    match whole.len() {
        0 if begins.is_empty() => Err(TlsFault::NoCertificate(Content::of(file))),
        count if count >= begins.len() => Ok(whole),
        _ => Err(TlsFault::BadCertificate { number: first_damaged(pem, &begins) }),
    }
}

/// The first private key of a file.
pub(super) fn key(file: &[u8]) -> Result<PrivateKeyDer<'static>, TlsFault> {
    let pem = file.strip_prefix(MARK).unwrap_or(file);
    PrivateKeyDer::from_pem_slice(pem).map_err(|_| TlsFault::NoKey(Content::of(file)))
}

/// Where certificates begin, damaged ones too.
fn begins(pem: &[u8]) -> Vec<usize> {
    pem.windows(BEGIN.len()).enumerate().filter(|(_, part)| *part == BEGIN).map(|(place, _)| place).collect()
}

/// The certificates that can be read. What else is there, such as a key that is encrypted, need not be.
fn whole(pem: &[u8]) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_slice_iter(pem).flatten().collect()
}

/// The place of the first certificate that cannot be read, from 1: with it more have begun than are whole. Faults of PEM
/// do not tell it, since they may be of a key.
fn first_damaged(pem: &[u8], begins: &[usize]) -> usize {
    let ends = begins.iter().copied().skip(1).chain([pem.len()]);
    ends.zip(1..).take_while(|(end, begun)| whole(&pem[..*end]).len() >= *begun).count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCKED: &str = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n\
                          -----END RSA PRIVATE KEY-----\n";

    #[test]
    fn neither_a_mark_nor_a_locked_key_hides_a_certificate() {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let pem = made.cert.pem();
        for file in [format!("\u{FEFF}{pem}"), format!("{LOCKED}{pem}"), format!("{pem}{LOCKED}")] {
            assert_eq!(certificates(file.as_bytes()).unwrap(), [made.cert.der().clone()], "{file}");
        }
        assert!(key(format!("\u{FEFF}{}", made.signing_key.serialize_pem()).as_bytes()).is_ok());
        assert!(matches!(certificates(LOCKED.as_bytes()), Err(TlsFault::NoCertificate(Content::EncryptedKey))));
        assert!(matches!(key(LOCKED.as_bytes()), Err(TlsFault::NoKey(Content::EncryptedKey))));
    }

    #[test]
    fn a_damaged_certificate_is_counted_among_the_certificates_alone() {
        let good = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap().cert.pem();
        let (head, tail) = good.split_at(good.len() / 2);
        let (bad, cut, unended) = (format!("{head}!{tail}"), format!("{head}\n"), good.trim_end());
        for (file, number) in [
            (format!("{LOCKED}{good}{bad}"), 2),
            (format!("{good}{LOCKED}{bad}{good}"), 2),
            (format!("{LOCKED}{bad}{good}"), 1),
            (format!("{cut}{good}{good}"), 1),
            (format!("{good}{good}{cut}"), 3),
            // Two files that were put together, the first without an end of its last line.
            (format!("{unended}{good}"), 2),
        ] {
            let found = certificates(file.as_bytes());
            assert!(
                matches!(found, Err(TlsFault::BadCertificate { number: told }) if told == number),
                "{found:?}\n{file}"
            );
        }
    }
}
