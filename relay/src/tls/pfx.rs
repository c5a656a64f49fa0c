//! PKCS#12 files (.pfx, .p12).

use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use super::content::Content;
use super::fault::TlsFault;
use super::identity::Identity;
use super::password::PasswordOrigin;

impl Identity {
    /// The key in a PKCS#12 file with its chain. Which certificate is the key's own is told by the keys themselves, not
    /// by the labels in the file, which not every program writes.
    ///
    /// # Errors
    /// [`TlsFault`] says what is wrong with the file or its password.
    pub fn from_pfx(bytes: &[u8], password: &str) -> Result<Self, TlsFault> {
        let Pkcs12Archive { keys, certs, .. } =
            Pkcs12Archive::from_pkcs12(bytes, password).map_err(|error| fault(error, bytes))?;
        if keys.is_empty() {
            return Err(TlsFault::PfxWithoutKey);
        }
        if certs.is_empty() {
            return Err(TlsFault::PfxWithoutCertificate);
        }
        let certificates = certs.into_iter().map(|bag| CertificateDer::from(bag.cert.as_der().to_vec())).collect();
        let keys =
            keys.into_iter().map(|bag| PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(bag.key.as_der().to_vec())));
        Self::new(certificates, keys.collect())
    }
}

fn fault(error: Error, bytes: &[u8]) -> TlsFault {
    match error {
        _ if matches!(Content::of(bytes), Content::Certificate | Content::Key | Content::EncryptedKey) => {
            TlsFault::PemForPkcs12
        }
        // A file without a checksum shows the wrong password only by what comes out of it.
        Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) => {
            TlsFault::WrongPassword(PasswordOrigin::Caller)
        }
        Error::UnsupportedEncryptionScheme | Error::UnsupportedMacAlgorithm | Error::UnsupportedContentType => {
            TlsFault::PfxScheme(error.to_string())
        }
        error => TlsFault::NotPkcs12(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [(&str, &[u8]); 3] = [
        ("AES-256", include_bytes!("pfx/aes-256.pfx")),
        ("RC2-40", include_bytes!("pfx/rc2-40.pfx")),
        ("3DES", include_bytes!("pfx/3des.pfx")),
    ];

    #[test]
    fn every_protection_opens_with_its_password_only() {
        for (name, bytes) in FILES {
            let identity = Identity::from_pfx(bytes, "mango").unwrap();
            assert_eq!(
                (identity.chain().len(), identity.details().subject.as_str()),
                (2, "CN=relay.example"),
                "{name}"
            );
            for password in ["", "Mango", "mango "] {
                assert!(
                    matches!(Identity::from_pfx(bytes, password), Err(TlsFault::WrongPassword(_))),
                    "{name}: {password:?}"
                );
            }
        }
    }

    #[test]
    fn no_part_of_a_file_is_taken_for_a_whole_one() {
        for (name, bytes) in FILES {
            for length in (0..bytes.len()).step_by(7) {
                assert!(
                    matches!(Identity::from_pfx(&bytes[..length], "mango"), Err(TlsFault::NotPkcs12(_))),
                    "{name}: {length}"
                );
            }
        }
    }
}
