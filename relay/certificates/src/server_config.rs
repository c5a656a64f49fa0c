//! The TLS configuration of a server.

use std::sync::Arc;

use rustls::{ServerConfig, SupportedProtocolVersion};

use crate::current::CurrentIdentity;
use crate::provider::{ALPN, provider};

/// The configuration: these versions of TLS, the current certificate, HTTP/2 and HTTP/1.1.
///
/// # Errors
/// The TLS library does not support the versions.
pub fn server_config(
    versions: &[&'static SupportedProtocolVersion],
    current: CurrentIdentity,
) -> Result<ServerConfig, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(versions)?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(current));
    config.alpn_protocols = ALPN.map(<[u8]>::to_vec).to_vec();
    Ok(config)
}
