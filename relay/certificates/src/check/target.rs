//! The server to check.

use std::fmt;
use std::net::IpAddr;
use std::num::NonZeroU16;
use std::str::FromStr;

use rustls::pki_types::ServerName;

const HTTPS: u16 = 443;

/// A host and its port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    name: ServerName<'static>,
    port: u16,
}

/// A text that is not a host with an optional port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The text is a URL.
    #[error("give the host without https:// and path, such as relay.example or relay.example:8080")]
    Url,
    /// The host is invalid.
    #[error("not a host; give one such as relay.example or relay.example:8080")]
    Host,
    /// The port is invalid.
    #[error("the port is a number from 1 to 65535, such as relay.example:8080")]
    Port,
}

impl Target {
    /// The host's name or address.
    pub(super) fn name(&self) -> &ServerName<'static> {
        &self.name
    }

    /// The host as text.
    pub(super) fn host(&self) -> String {
        self.name.to_str().into_owned()
    }

    /// The IP address, if the host was given as one.
    pub(super) fn ip(&self) -> Option<IpAddr> {
        self.host().parse().ok()
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.contains('/') {
            return Err(TargetError::Url);
        }
        let (host, port) = match text.rsplit_once(':') {
            // An IPv6 address contains colons, so it is in brackets before a port.
            _ if text.parse::<IpAddr>().is_ok() || text.ends_with(']') => (text, HTTPS),
            Some((host, port)) => (host, port.parse::<NonZeroU16>().map_err(|_| TargetError::Port)?.get()),
            None => (text, HTTPS),
        };
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let name = ServerName::try_from(bare.to_owned()).map_err(|_| TargetError::Host)?;
        Ok(Self { name, port })
    }
}

/// As in a URL: `relay.example`, `relay.example:8080`, `[::1]:8080`.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ip() {
            Some(IpAddr::V6(address)) => write!(f, "[{address}]")?,
            _ => f.write_str(&self.host())?,
        }
        if self.port == HTTPS { Ok(()) } else { write!(f, ":{}", self.port) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_ports_are_split() {
        for (text, host, port, shown) in [
            ("relay.example", "relay.example", 443, "relay.example"),
            ("relay.example:443", "relay.example", 443, "relay.example"),
            ("relay.example:8080", "relay.example", 8080, "relay.example:8080"),
            ("192.0.2.1:8080", "192.0.2.1", 8080, "192.0.2.1:8080"),
            ("2001:db8::1", "2001:db8::1", 443, "[2001:db8::1]"),
            ("[2001:db8::1]", "2001:db8::1", 443, "[2001:db8::1]"),
            ("[2001:db8::1]:8080", "2001:db8::1", 8080, "[2001:db8::1]:8080"),
        ] {
            let target: Target = text.parse().unwrap();
            assert_eq!((target.host().as_str(), target.port(), target.to_string().as_str()), (host, port, shown));
        }
    }

    #[test]
    fn invalid_targets_are_errors() {
        for (text, error) in [
            ("https://relay.example", TargetError::Url),
            ("relay.example/", TargetError::Url),
            ("", TargetError::Host),
            (":8080", TargetError::Host),
            ("芒果.example", TargetError::Host),
            ("relay.example:", TargetError::Port),
            ("relay.example:0", TargetError::Port),
            ("relay.example:65536", TargetError::Port),
        ] {
            assert_eq!(text.parse::<Target>(), Err(error), "{text}");
        }
    }
}
