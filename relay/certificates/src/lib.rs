//! Certificates and TLS configuration.
//!
//! A [`Source`] names the files. [`Identity`] is their validated content. [`CurrentIdentity`] presents it and can be
//! replaced while connections are open.

mod any_certificate;
mod content;
mod current;
mod details;
mod dev_certificate;
mod expiry_monitor;
mod fault;
mod identity;
mod key;
mod order;
mod password;
mod pem_file;
mod pfx;
mod source;
mod trust;
mod validity;
mod versions;
mod warning;

pub use content::{Content, Keystore};
pub use current::CurrentIdentity;
pub use dev_certificate::{DevCertificate, DevCertificateError};
pub use fault::{TlsError, TlsFault};
pub use identity::Identity;
pub use password::PasswordOrigin;
pub use pem_file::BlockFault;
pub use source::Source;
pub use trust::Trust;
pub use versions::TlsVersions;

pub(crate) use any_certificate::any_certificate;
pub(crate) use details::Details;
pub(crate) use expiry_monitor::ExpiryMonitor;
pub(crate) use order::in_order;
pub(crate) use password::PASSWORD_VARIABLE;
pub(crate) use pem_file::certificates;
pub(crate) use source::read;
pub(crate) use trust::{public_roots, roots, trust};
pub(crate) use validity::{Phase, moment};
pub(crate) use warning::{Warning, certificate_warnings};

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;

/// The TLS configuration: the current certificate, HTTP/2 and HTTP/1.1.
///
/// # Errors
/// The TLS library does not support the versions; this cannot happen.
pub fn config(versions: TlsVersions, current: CurrentIdentity) -> Result<ServerConfig, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(versions.list())?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(current));
    config.alpn_protocols = ALPN.map(<[u8]>::to_vec).to_vec();
    Ok(config)
}

/// ALPN protocols, the preferred one first, as phones offer them.
pub(crate) const ALPN: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// The cryptography provider of all TLS code.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}
