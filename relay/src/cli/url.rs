//! URLs to probe.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use hyper::Uri;
use rustls::pki_types::ServerName;

const HTTPS: u16 = 443;
/// The liveness check.
const ALIVE: &str = "/livez";

/// An HTTPS URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    name: ServerName<'static>,
    port: u16,
    /// Host and port as given.
    authority: String,
    path: String,
}

/// A text that is not an HTTPS URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give a URL such as https://127.0.0.1:8080/livez")]
pub struct UrlError;

impl Url {
    /// The URL of the liveness check of a relay with that listen address.
    pub(crate) fn alive(listen: SocketAddr) -> Self {
        let ip = match listen.ip() {
            IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        Self {
            name: ServerName::from(ip),
            port: listen.port(),
            authority: SocketAddr::new(ip, listen.port()).to_string(),
            path: ALIVE.to_owned(),
        }
    }

    pub(crate) fn name(&self) -> &ServerName<'static> {
        &self.name
    }

    /// The host for a socket: an IPv6 address without brackets.
    pub(crate) fn host(&self) -> String {
        self.name.to_str().into_owned()
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    /// Path and query.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }
}

impl FromStr for Url {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri: Uri = text.parse().map_err(|_| UrlError)?;
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@')).ok_or(UrlError)?;
        if uri.scheme_str() != Some("https") {
            return Err(UrlError);
        }
        let bare = authority.host().trim_start_matches('[').trim_end_matches(']');
        let path = uri.path_and_query().ok_or(UrlError)?;
        Ok(Self {
            name: ServerName::try_from(bare.to_owned()).map_err(|_| UrlError)?,
            port: authority.port_u16().unwrap_or(HTTPS),
            authority: authority.to_string(),
            path: path.to_string(),
        })
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "https://{}{}", self.authority, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_parsed() {
        for (text, host, port, path) in [
            ("https://relay.example", "relay.example", 443, "/"),
            ("https://relay.example:8443/readyz?a=b", "relay.example", 8443, "/readyz?a=b"),
            ("https://192.0.2.1/livez", "192.0.2.1", 443, "/livez"),
            ("https://[2001:db8::1]:8443/livez", "2001:db8::1", 8443, "/livez"),
        ] {
            let url: Url = text.parse().unwrap();
            assert_eq!((url.host().as_str(), url.port(), url.path()), (host, port, path));
            assert_eq!(url.to_string().trim_end_matches('/'), text);
        }
    }

    #[test]
    fn an_unspecified_listen_address_becomes_loopback() {
        for (listen, asked) in [
            ("0.0.0.0:8443", "https://127.0.0.1:8443/livez"),
            ("[::]:8443", "https://[::1]:8443/livez"),
            ("192.0.2.1:1", "https://192.0.2.1:1/livez"),
        ] {
            let url = Url::alive(listen.parse().unwrap());
            assert_eq!(url.to_string(), asked);
            assert_eq!(asked.parse(), Ok(url));
        }
    }
}
