//! Origins of pages.

use std::fmt;
use std::str::FromStr;

/// An origin as browsers send it (RFC 6454, 6.1): also `null`, which pages without an origin send, and `*` for all
/// origins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedOrigin(String);

const ANY: &str = "*";

impl AllowedOrigin {
    /// Whether this is `*`.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.0 == ANY
    }

    /// The origin as browsers send it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AllowedOrigin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if [ANY, "null"].contains(&text) {
            return Ok(Self(text.to_owned()));
        }
        let lower = text.to_ascii_lowercase();
        let wrong = || {
            "give origins as browsers send them, such as https://h5.example or http://localhost:5173 without a path, or *"
                .to_owned()
        };
        let (scheme, host) = lower.split_once("://").filter(|(scheme, _)| is_scheme(scheme)).ok_or_else(wrong)?;
        // Browsers leave out the default port of the scheme.
        let usual = match scheme {
            "https" => ":443",
            "http" => ":80",
            _ => "",
        };
        let host = if usual.is_empty() { host } else { host.strip_suffix(usual).unwrap_or(host) };
        if is_host(host) { Ok(Self(format!("{scheme}://{host}"))) } else { Err(wrong()) }
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter))
}

/// A name or an address, with or without a port.
fn is_host(text: &str) -> bool {
    let (name, port) = match text.rsplit_once(':') {
        Some((name, port)) if !text.ends_with(']') => (name, Some(port)),
        _ => (text, None),
    };
    let address = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    let sound = match address {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-._".contains(letter)),
    };
    sound && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}

impl fmt::Display for AllowedOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_normalised_as_browsers_send_them() {
        for (text, sent) in [
            ("https://h5.example", "https://h5.example"),
            ("HTTPS://H5.Example:443", "https://h5.example"),
            ("http://localhost:5173", "http://localhost:5173"),
            ("http://localhost:80", "http://localhost"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("https://[::1]:443", "https://[::1]"),
            ("capacitor://localhost", "capacitor://localhost"),
            ("null", "null"),
            ("*", "*"),
        ] {
            assert_eq!(text.parse::<AllowedOrigin>().unwrap().as_str(), sent);
        }
        for text in [
            "",
            "h5.example",
            "https://",
            "https://h5.example/",
            "https://h5.example/page",
            "https://*.example",
            "https://user@h5.example",
            "https://h5.example:0",
            "https://h5.example:port",
            "https://芒果.example",
            "https://[::1",
            "https://h5.example https://other.example",
            "://h5.example",
        ] {
            assert!(text.parse::<AllowedOrigin>().unwrap_err().contains("https://h5.example"), "{text}");
        }
    }
}
