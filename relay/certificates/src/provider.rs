//! The cryptography of all TLS code.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;

/// The cryptography provider of all TLS code.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// ALPN protocols, the preferred one first, as phones offer them.
pub(crate) const ALPN: [&[u8]; 2] = [b"h2", b"http/1.1"];
