//! A certificate chain and its key.

use std::sync::Arc;

use pem::{EncodeConfig, LineEnding, Pem};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use time::OffsetDateTime;

use crate::certificate::{self, Details, Key, Phase, moment};
use crate::fault::TlsFault;
use crate::provider::provider;

/// A certificate chain, the server's own certificate first, with its key.
#[derive(Debug)]
pub struct Identity {
    certified: Arc<CertifiedKey>,
    key: PrivateKeyDer<'static>,
    details: Details,
}

impl Identity {
    /// Builds the chain for the first of `keys` that belongs to one of `certificates`.
    pub(crate) fn new(
        certificates: Vec<CertificateDer<'static>>,
        keys: Vec<PrivateKeyDer<'static>>,
    ) -> Result<Self, TlsFault> {
        if let Some(index) = certificates.iter().position(|certificate| Details::of(certificate).is_none()) {
            return Err(TlsFault::BadCertificate { number: index + 1 });
        }
        let provider = provider();
        let mut fault = TlsFault::PfxWithoutKey;
        for key in keys {
            let signing = match provider.key_provider.load_private_key(key.clone_key()) {
                Ok(signing) => signing,
                Err(error) => {
                    fault = weak(&certificates).unwrap_or(TlsFault::BadKey(error));
                    continue;
                }
            };
            let own = certificates.iter().enumerate().find_map(|(index, certificate)| {
                let pair = CertifiedKey::new(vec![certificate.clone()], Arc::clone(&signing));
                Some((index, Details::of(certificate).filter(|_| pair.keys_match().is_ok())?))
            });
            let Some((own, details)) = own else {
                fault = TlsFault::Mismatch;
                continue;
            };
            let certified = CertifiedKey::new(certificate::chain(own, certificates), signing);
            return Ok(Self { certified: Arc::new(certified), key, details });
        }
        Err(fault)
    }

    /// Checks that the certificate is valid at that time.
    pub(crate) fn in_date(&self, now: OffsetDateTime) -> Result<(), TlsFault> {
        let validity = self.details.validity(now);
        let (subject, when, now) = (self.details.subject.clone(), validity.to_string(), moment(now));
        match validity.phase() {
            Phase::Early => Err(TlsFault::NotYetValid { subject, when, now }),
            Phase::Holds => Ok(()),
            Phase::Over => Err(TlsFault::Expired { subject, when, now }),
        }
    }

    /// The chain, the server's own certificate first.
    #[must_use]
    pub fn chain(&self) -> &[CertificateDer<'static>] {
        &self.certified.cert
    }

    /// The chain in PEM.
    #[must_use]
    pub fn chain_pem(&self) -> String {
        self.chain().iter().map(|certificate| encode("CERTIFICATE", certificate)).collect()
    }

    /// The private key in PEM, not encrypted.
    #[must_use]
    pub fn key_pem(&self) -> String {
        let label = match self.key {
            PrivateKeyDer::Pkcs1(_) => "RSA PRIVATE KEY",
            PrivateKeyDer::Sec1(_) => "EC PRIVATE KEY",
            _ => "PRIVATE KEY",
        };
        encode(label, self.key.secret_der())
    }

    /// The fields of the server's own certificate.
    #[must_use]
    pub fn details(&self) -> &Details {
        &self.details
    }

    /// The form that the TLS library uses.
    pub(crate) fn certified(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.certified)
    }
}

/// The error for a key that TLS refuses for its size, read from the certificate.
fn weak(certificates: &[CertificateDer<'_>]) -> Option<TlsFault> {
    certificates.iter().find_map(|certificate| match Details::of(certificate)?.key {
        ref key @ Key::Rsa { bits } if key.is_weak() => Some(TlsFault::WeakKey { bits }),
        _ => None,
    })
}

fn encode(label: &str, der: &[u8]) -> String {
    pem::encode_config(&Pem::new(label, der), EncodeConfig::new().set_line_ending(LineEnding::LF))
}
