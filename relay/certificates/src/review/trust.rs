//! Whether a chain leads to a trusted root.

use std::fmt;
use std::path::Path;

use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, Error, RootCertStore};
use time::OffsetDateTime;

use crate::certificate::{self, Details, Phase};
use crate::fault::{TlsError, TlsFault};
use crate::files::{certificates, read};
use crate::provider::provider;

/// The trust status of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// It leads to a trusted root.
    Known,
    /// The server's own certificate is self-signed.
    SelfSigned,
    /// The certificate of an issuer is missing.
    Incomplete {
        /// The issuer.
        issuer: String,
        /// The URL of the issuer's certificate.
        at: Option<String>,
    },
    /// It leads to an unknown root.
    UnknownRoot {
        /// The root.
        root: String,
    },
    /// A certificate after the first is out of date.
    OutOfDate {
        /// The certificate.
        subject: String,
        /// When it expired, or becomes valid.
        when: String,
    },
    /// Clients refuse a certificate of the chain.
    Refused(String),
}

/// The public roots, from Mozilla's list.
#[must_use]
pub fn public_roots() -> RootCertStore {
    RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }
}

/// The roots in a file, or the public roots without a file.
///
/// # Errors
/// The file cannot be read, or contains no certificates in PEM.
pub fn roots(file: Option<&Path>) -> Result<RootCertStore, TlsError> {
    let Some(file) = file else { return Ok(public_roots()) };
    let pem = read(file)?;
    let found = certificates(&pem).map_err(|fault| match fault {
        TlsFault::NoCertificate(content) => TlsFault::NoRoots(content).of(file),
        fault => fault.of(file),
    })?;
    let mut roots = RootCertStore::empty();
    for (index, certificate) in found.into_iter().enumerate() {
        roots.add(certificate).map_err(|_| TlsFault::BadCertificate { number: index + 1 }.of(file))?;
    }
    Ok(roots)
}

/// The trust status of the chain that starts with the first of these certificates. Its dates are not checked.
/// Certificates outside the chain, such as a root that issued none of it, are ignored.
#[must_use]
pub fn trust(chain: &[CertificateDer<'_>], roots: &RootCertStore, now: OffsetDateTime) -> Trust {
    let walk = certificate::chain(0, chain.to_vec());
    let details: Option<Vec<Details>> = walk.iter().map(|certificate| Details::of(certificate)).collect();
    let Some(details) = details else { return Trust::Refused("a certificate is damaged".to_owned()) };
    let (Some(own), Some(last)) = (details.first(), details.last()) else {
        return Trust::Refused("there is no certificate".to_owned());
    };
    match verify(chain, roots, now.max(own.not_before).min(own.not_after)) {
        Ok(()) => Trust::Known,
        // The library has several errors for a self-signed certificate.
        Err(_) if own.self_issued => Trust::SelfSigned,
        Err(Error::InvalidCertificate(CertificateError::UnknownIssuer)) if last.self_issued => {
            Trust::UnknownRoot { root: last.subject.clone() }
        }
        Err(Error::InvalidCertificate(CertificateError::UnknownIssuer)) => {
            Trust::Incomplete { issuer: last.issuer.clone(), at: last.issuer_at.clone() }
        }
        Err(error) => match details[1..].iter().find(|other| other.validity(now).phase() != Phase::Holds) {
            Some(other) => Trust::OutOfDate { subject: other.subject.clone(), when: other.validity(now).to_string() },
            None => Trust::Refused(error.to_string()),
        },
    }
}

fn verify(chain: &[CertificateDer<'_>], roots: &RootCertStore, at: OffsetDateTime) -> Result<(), Error> {
    let (own, others) = chain.split_first().ok_or(Error::NoCertificatesPresented)?;
    let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(at.unix_timestamp().try_into().unwrap_or(0)));
    let algorithms = provider().signature_verification_algorithms.all;
    verify_server_cert_signed_by_trust_anchor(&ParsedCertificate::try_from(own)?, roots, others, at, algorithms)
}

impl fmt::Display for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known => f.write_str("leads to a trusted root"),
            Self::SelfSigned => f.write_str("self-signed: clients do not trust it by themselves"),
            Self::Incomplete { issuer, .. } => {
                write!(f, "incomplete: the certificate of its issuer ({issuer}) is missing, and is no trusted root")
            }
            Self::UnknownRoot { root } => write!(f, "leads to {root}, which is no trusted root"),
            Self::OutOfDate { subject, when } => write!(f, "the certificate of {subject} behind the first {when}"),
            Self::Refused(why) => write!(f, "clients refuse it: {why}"),
        }
    }
}

/// A note: appending certificates does not help with a private authority.
const PRIVATE: &str = "; phones do not trust an authority of one's own";

impl Trust {
    /// A hint; none for a trusted chain.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Known => None,
            Self::SelfSigned => Some(
                "get a certificate from a public authority, such as Tencent Cloud or Let's Encrypt; phones take no other"
                    .to_owned(),
            ),
            Self::Incomplete { at: Some(at), .. } => Some(format!(
                "get it from {at} (turn it into PEM with `openssl x509 -inform der`) and append it to the file of the \
                 certificate, or use the file that the authority calls full chain or bundle{PRIVATE}"
            )),
            Self::Incomplete { at: None, .. } => Some(format!(
                "append it to the file of the certificate: use the file that the authority calls full chain or bundle{PRIVATE}"
            )),
            Self::UnknownRoot { .. } => Some(
                "get a certificate from a public authority, or see that every client trusts this root; phones with \
                 WeChat do not"
                    .to_owned(),
            ),
            Self::OutOfDate { .. } => {
                Some("take the authority's present intermediate certificate in its place".to_owned())
            }
            Self::Refused(_) => Some("order a new certificate for a server (RSA 2048 or EC P-256, SHA-256)".to_owned()),
        }
    }
}
