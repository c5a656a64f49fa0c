//! Who asks.
//!
//! Anybody can write into a header whose request it passes on: what `X-Forwarded-For` and `Forwarded` say is believed
//! only from a trusted proxy, and of what it says only the hops that it and other trusted ones wrote themselves.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use ipnet::IpNet;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Proxies that are believed.
#[derive(Clone, Debug, Default)]
pub(super) struct Proxies(Vec<IpNet>);

/// A client's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Client(IpAddr);

impl Proxies {
    pub(super) fn new(trusted: Vec<IpNet>) -> Self {
        Self(trusted)
    }

    /// Who sent a request with these headers that came from `peer`.
    ///
    /// A proxy that writes one of the two headers passes the other on as the client sent it. Where both are there and
    /// name different clients none is believed, and the proxy itself counts as the client.
    pub(super) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Client {
        let peer = peer.to_canonical();
        if !self.trusts(peer) {
            return Client(peer);
        }
        let named = [self.behind(peer, x_forwarded_for(headers)), self.behind(peer, forwarded(headers))];
        Client(match named {
            [Some(one), Some(other)] if one != other => peer,
            [Some(one), _] | [None, Some(one)] => one,
            [None, None] => peer,
        })
    }

    /// The last hop that is no trusted proxy; nothing where there is no hop at all. What is no address ends the search
    /// at the last one that was.
    fn behind(&self, peer: IpAddr, hops: Vec<Option<IpAddr>>) -> Option<IpAddr> {
        let mut current = None;
        for hop in hops.into_iter().rev() {
            let Some(address) = hop else { return current.or(Some(peer)) };
            current = Some(address);
            if !self.trusts(address) {
                break;
            }
        }
        current
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl Client {
    /// Whom a rate limit counts as one: an IPv4 address, or the /64 of IPv6 that a household has to itself (RFC 6177).
    pub(super) fn share(self) -> IpNet {
        self.network(32, 64)
    }

    fn network(self, four: u8, six: u8) -> IpNet {
        let prefix = if self.0.is_ipv4() { four } else { six };
        // Both prefixes are lengths that their family has.
        IpNet::new(self.0, prefix).map_or_else(|_| IpNet::from(self.0), |network| network.trunc())
    }
}

/// Not the address in full: the network of 256 addresses of IPv4, the /48 of a site of IPv6.
impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.network(24, 48).fmt(f)
    }
}

/// The hops that `X-Forwarded-For` lists, the client first.
fn x_forwarded_for(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let values = headers.get_all(X_FORWARDED_FOR).iter();
    values.flat_map(|value| value.as_bytes().split(|byte| *byte == b',')).map(address).collect()
}

/// The `for` of each hop that `Forwarded` lists (RFC 7239), the client first.
///
/// A quote that a client opens and leaves open would swallow what the proxy appends: a value with one is no address as
/// a whole. Values without anything say nothing, as proxies leave them that take the header away.
fn forwarded(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let values = headers.get_all(header::FORWARDED).iter().map(HeaderValue::as_bytes);
    let values = values.filter(|value| !value.trim_ascii().is_empty());
    values
        .flat_map(|value| match split(value, b',') {
            Some(elements) => elements.into_iter().map(hop).collect(),
            None => vec![None],
        })
        .collect()
}

fn hop(element: &[u8]) -> Option<IpAddr> {
    let mut pairs = split(element, b';')?.into_iter().filter_map(|pair| {
        let at = pair.iter().position(|byte| *byte == b'=')?;
        Some((pair.get(..at)?.trim_ascii(), pair.get(at + 1..)?.trim_ascii()))
    });
    let (_, value) = pairs.find(|(name, _)| name.eq_ignore_ascii_case(b"for"))?;
    address(value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")).unwrap_or(value))
}

/// Splits where the separator stands outside quotes. Nothing where a quote is left open, or a backslash stands outside
/// quotes, where it means nothing (RFC 9110, 5.6.4).
fn split(text: &[u8], separator: u8) -> Option<Vec<&[u8]>> {
    let (mut quoted, mut escaped, mut sound) = (false, false, true);
    let parts = text.split(|byte| {
        let literal = std::mem::take(&mut escaped);
        match byte {
            _ if literal => {}
            b'"' => quoted = !quoted,
            b'\\' if quoted => escaped = true,
            b'\\' => sound = false,
            _ => {}
        }
        *byte == separator && !quoted
    });
    let parts = parts.collect();
    (sound && !quoted).then_some(parts)
}

/// An address, with or without a port; IPv6 with a port in brackets.
fn address(text: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn client(peer: &str, headers: &[(&'static str, &str)]) -> String {
        let proxies = Proxies::new(["10.0.0.0/8", "2001:db8:aa::/48"].map(|network| network.parse().unwrap()).to_vec());
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_str(value).unwrap());
        }
        proxies.client(peer.parse().unwrap(), &map).0.to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let header = [("x-forwarded-for", "203.0.113.9")];
        assert_eq!(client("198.51.100.1", &header), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &header), "203.0.113.9");
        assert_eq!(client("::ffff:10.0.0.1", &header), "203.0.113.9");
        assert_eq!(client("2001:db8:aa::1", &header), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn the_last_hop_that_is_no_proxy_counts() {
        for (value, expected) in [
            ("1.1.1.1, 203.0.113.9", "203.0.113.9"),
            ("1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
            ("203.0.113.9:4711,10.0.0.2", "203.0.113.9"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
            ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
            // What is no address hides what stands before it.
            ("203.0.113.9, unknown", "10.0.0.1"),
            ("203.0.113.9, unknown, 10.0.0.2", "10.0.0.2"),
            ("", "10.0.0.1"),
            ("203.0.113.9,", "10.0.0.1"),
        ] {
            assert_eq!(client("10.0.0.1", &[("x-forwarded-for", value)]), expected, "{value}");
        }
        let two = [("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "203.0.113.9")];
        assert_eq!(client("10.0.0.1", &two), "203.0.113.9");
    }

    #[test]
    fn the_standard_header_is_read_too() {
        for (value, expected) in [
            ("for=203.0.113.9", "203.0.113.9"),
            ("For=\"[2001:db8::1]:4711\";proto=https, by=x;for=10.0.0.2", "2001:db8::1"),
            ("for=1.1.1.1, for=203.0.113.9;host=\"a,b;for=9.9.9.9\"", "203.0.113.9"),
            ("for=203.0.113.9, for=_hidden", "10.0.0.1"),
            ("for=203.0.113.9, proto=https", "10.0.0.1"),
            ("for=203.0.113.9;host=\"a\\\",b\"", "203.0.113.9"),
            // What a client leaves open would take in what the proxy wrote after it.
            ("for=1.1.1.1;host=\", for=203.0.113.9", "10.0.0.1"),
            ("for=1.1.1.1;host=\", for=\"[2001:db8::1]:4711\"", "10.0.0.1"),
            ("for=1.1.1.1;host=\"\\\", for=203.0.113.9;host=\"b\"", "10.0.0.1"),
            ("for=1.1.1.1;host=\", for=203.0.113.9;host=\"a\\\"b\"", "10.0.0.1"),
        ] {
            assert_eq!(client("10.0.0.1", &[("forwarded", value)]), expected, "{value}");
        }
    }

    #[test]
    fn of_two_headers_that_differ_none_is_believed() {
        let both = |xff, forwarded| client("10.0.0.1", &[("x-forwarded-for", xff), ("forwarded", forwarded)]);
        assert_eq!(both("203.0.113.9", "for=203.0.113.9;proto=https"), "203.0.113.9");
        assert_eq!(both("203.0.113.9", "for=9.9.9.9"), "10.0.0.1");
        // Taken away, not written.
        assert_eq!(both("203.0.113.9", " "), "203.0.113.9");
    }

    #[test]
    fn an_address_is_told_in_part_and_counted_by_household() {
        let client = |text: &str| Client(text.parse().unwrap());
        assert_eq!(client("203.0.113.9").to_string(), "203.0.113.0/24");
        assert_eq!(client("2001:db8:1:2:3::4").to_string(), "2001:db8:1::/48");
        assert_eq!(client("2001:db8:1:2:3::4").share(), client("2001:db8:1:2:ffff::1").share());
        assert_ne!(client("203.0.113.9").share(), client("203.0.113.8").share());
    }

    proptest! {
        #[test]
        fn whatever_a_header_says_it_is_read(value in "[ -~]{0,60}") {
            client("10.0.0.1", &[("forwarded", &value), ("x-forwarded-for", &value)]);
        }

        #[test]
        fn nobody_puts_words_before_the_trusted_proxys_own(forged in "[ -~]{0,40}") {
            let value = format!("{forged}, 203.0.113.9");
            prop_assert_eq!(client("10.0.0.1", &[("x-forwarded-for", &value)]), "203.0.113.9");
        }

        #[test]
        fn nor_into_the_standard_header(
            forged in r#"(for=1\.1\.1\.1|host=|[;,="\\ a]){0,9}"#,
            own in prop::sample::select(vec![
                "for=203.0.113.9",
                r#"for="203.0.113.9:4711";host="relay.example""#,
                r#"by=x;host="a\"b";for=203.0.113.9"#,
            ]),
        ) {
            let named = client("10.0.0.1", &[("forwarded", &format!("{forged}, {own}"))]);
            // Or nobody is believed, and the proxy counts as the client.
            prop_assert!(["203.0.113.9", "10.0.0.1"].contains(&named.as_str()), "{named}");
        }
    }
}
