//! The relay's address in the format that WeChat accepts.

use std::net::IpAddr;
use std::str::FromStr;

/// `https://HOST[:PORT]`, with a host name, since WeChat accepts no IP addresses, and without a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RelayAddress(String);

impl RelayAddress {
    /// The address without a trailing slash.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RelayAddress {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let address = text.strip_suffix('/').unwrap_or(text);
        let host =
            address.strip_prefix("https://").ok_or("give it as https://HOST[:PORT]; WeChat accepts only https")?;
        let (name, port) = host.split_once(':').unwrap_or((host, "8080"));
        if name.parse::<IpAddr>().is_ok() || host.starts_with('[') {
            return Err("give the host's name: WeChat accepts no IP addresses");
        }
        let is_label = |label: &str| {
            let letters = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
            !label.is_empty() && label.chars().all(letters) && !label.starts_with('-') && !label.ends_with('-')
        };
        if !name.split('.').all(is_label) {
            return Err("give it as https://HOST[:PORT], in lower case, without path and user");
        }
        match port.parse::<u16>() {
            Ok(443) => Err("leave out :443, the default port of https: WeChat compares addresses as text"),
            Ok(number @ 1..) if number.to_string() == port => Ok(Self(address.to_owned())),
            _ => Err("the port is invalid; give 1 to 65535"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_name_with_an_optional_port() {
        for (given, kept) in [
            ("https://relay.example.org", "https://relay.example.org"),
            ("https://relay.example.org:8080/", "https://relay.example.org:8080"),
            ("https://localhost:1", "https://localhost:1"),
        ] {
            assert_eq!(given.parse::<RelayAddress>().unwrap().as_str(), kept);
        }
        for wrong in [
            "",
            "relay.example.org",
            "http://relay.example.org",
            "https://",
            "https://10.0.0.1",
            "https://[::1]:8080",
            "https://relay.example.org/path",
            "https://user@relay.example.org",
            "https://relay.example.org:443",
            "https://relay.example.org:70000",
            "https://relay.example.org:0",
            "https://relay.example.org:+8080",
            "https://relay.example.org:08080",
            "https://Relay.example.org",
            "https://-",
            "https://a..b",
        ] {
            assert!(wrong.parse::<RelayAddress>().is_err(), "{wrong}");
        }
    }
}
