//! Certificates and the TLS settings.

mod dev_certificate;

pub use dev_certificate::{DevCertificate, DevCertificateError};

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// TLS settings for a certificate chain and key in PEM files.
///
/// # Errors
/// [`TlsError`] names the file and what is wrong with it.
pub fn load(certificate: &Path, key: &Path) -> Result<ServerConfig, TlsError> {
    let read = |path: &Path| fs::read(path).map_err(|error| TlsError::Read { path: path.to_owned(), error });
    let (certificate_pem, key_pem) = (read(certificate)?, read(key)?);
    config(&certificate_pem, &key_pem).map_err(|problem| match problem {
        PemProblem::Certificate => TlsError::Certificate(certificate.to_owned()),
        PemProblem::Key => TlsError::Key(key.to_owned()),
        PemProblem::Pair(error) => TlsError::Pair { certificate: certificate.to_owned(), key: key.to_owned(), error },
    })
}

/// TLS 1.2 and 1.3 over ring, HTTP/2 and HTTP/1.1.
fn config(certificate: &[u8], key: &[u8]) -> Result<ServerConfig, PemProblem> {
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_slice_iter(certificate).collect::<Result<_, _>>().map_err(|_| PemProblem::Certificate)?;
    if chain.is_empty() {
        return Err(PemProblem::Certificate);
    }
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| PemProblem::Key)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(rustls::ALL_VERSIONS)
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(PemProblem::Pair)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// What is wrong with a certificate and key.
#[derive(Debug)]
enum PemProblem {
    Certificate,
    Key,
    Pair(rustls::Error),
}

/// A certificate or key that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file holds no certificate in PEM.
    #[error("{0}: no certificate in PEM (it begins with -----BEGIN CERTIFICATE-----)")]
    Certificate(PathBuf),
    /// The file holds no private key in PEM.
    #[error(
        "{0}: no private key in PEM that is not encrypted (it begins with -----BEGIN PRIVATE KEY-----, \
         BEGIN RSA PRIVATE KEY or BEGIN EC PRIVATE KEY)"
    )]
    Key(PathBuf),
    /// The two do not go together, or are of a kind that TLS cannot use.
    #[error("the certificate {certificate} and the key {key} cannot be used together: {error}")]
    Pair {
        /// File of the certificate.
        certificate: PathBuf,
        /// File of the key.
        key: PathBuf,
        /// Why.
        error: rustls::Error,
    },
    /// The file cannot be read.
    #[error("cannot read {path}: {error}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Files {
        folder: tempfile::TempDir,
    }

    impl Files {
        fn new() -> Self {
            let files = Self { folder: tempfile::tempdir().unwrap() };
            for name in ["a", "b"] {
                let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
                fs::write(files.path(&format!("{name}.crt")), made.cert.pem()).unwrap();
                fs::write(files.path(&format!("{name}.key")), made.signing_key.serialize_pem()).unwrap();
            }
            files
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn load(&self, certificate: &str, key: &str) -> Result<ServerConfig, TlsError> {
            load(&self.path(certificate), &self.path(key))
        }
    }

    #[test]
    fn a_certificate_and_its_key_are_taken() {
        let config = Files::new().load("a.crt", "a.key").unwrap();
        assert_eq!(config.alpn_protocols, [b"h2".to_vec(), b"http/1.1".to_vec()]);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_file() {
        let files = Files::new();
        let error = |certificate, key| files.load(certificate, key).unwrap_err();
        assert!(matches!(error("a.crt", "none.key"), TlsError::Read { path, .. } if path.ends_with("none.key")));
        assert!(matches!(error("a.key", "a.key"), TlsError::Certificate(path) if path.ends_with("a.key")));
        assert!(matches!(error("a.crt", "a.crt"), TlsError::Key(path) if path.ends_with("a.crt")));
        assert!(matches!(error("a.crt", "b.key"), TlsError::Pair { key, .. } if key.ends_with("b.key")));
    }
}
