//! The client's address.
//!
//! Any client can send `X-Forwarded-For` and `Forwarded`. The relay uses them only if the connection comes from a
//! trusted proxy, and only the hops that trusted proxies added.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use ipnet::IpNet;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Trusted proxies.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies(Vec<IpNet>);

/// A client's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Client(IpAddr);

impl Proxies {
    pub(crate) fn new(trusted: Vec<IpNet>) -> Self {
        Self(trusted)
    }

    /// The client of a request with these headers that came from `peer`.
    ///
    /// A proxy that sets one of the two headers passes the other on as the client sent it. If both are present and name
    /// different clients, neither is used, and the proxy counts as the client.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Client {
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

    /// The last hop that is not a trusted proxy; none without any hop. An entry that is not an address ends the search
    /// at the last valid hop.
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
    /// The network that a rate limit counts as one client: an IPv4 address, or a /64 of IPv6, the prefix of one
    /// household (RFC 6177).
    pub(crate) fn share(self) -> IpNet {
        self.network(32, 64)
    }

    fn network(self, four: u8, six: u8) -> IpNet {
        let prefix = if self.0.is_ipv4() { four } else { six };
        // Both prefix lengths are valid for their address family.
        IpNet::new(self.0, prefix).map_or_else(|_| IpNet::from(self.0), |network| network.trunc())
    }
}

/// Displays a shortened address: the /24 of an IPv4 address, the /48 of an IPv6 address.
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
/// A quote that a client leaves open would swallow what the proxy appends, so a value with an open quote is invalid as
/// a whole. Empty values are skipped: proxies that clear the header leave them.
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

/// Splits at separators outside quotes. None if a quote is left open, or if a backslash is outside quotes, where it is
/// invalid (RFC 9110, 5.6.4).
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
    fn forwarding_headers_count_only_from_a_trusted_proxy() {
        let header = [("x-forwarded-for", "203.0.113.9")];
        assert_eq!(client("198.51.100.1", &header), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &header), "203.0.113.9");
        assert_eq!(client("::ffff:10.0.0.1", &header), "203.0.113.9");
        assert_eq!(client("2001:db8:aa::1", &header), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn the_last_untrusted_hop_is_the_client() {
        for (value, expected) in [
            ("1.1.1.1, 203.0.113.9", "203.0.113.9"),
            ("1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
            ("203.0.113.9:4711,10.0.0.2", "203.0.113.9"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
            ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
            // An invalid entry hides the entries before it.
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
    fn the_forwarded_header_is_parsed() {
        for (value, expected) in [
            ("for=203.0.113.9", "203.0.113.9"),
            ("For=\"[2001:db8::1]:4711\";proto=https, by=x;for=10.0.0.2", "2001:db8::1"),
            ("for=1.1.1.1, for=203.0.113.9;host=\"a,b;for=9.9.9.9\"", "203.0.113.9"),
            ("for=203.0.113.9, for=_hidden", "10.0.0.1"),
            ("for=203.0.113.9, proto=https", "10.0.0.1"),
            ("for=203.0.113.9;host=\"a\\\",b\"", "203.0.113.9"),
            // A quote left open by the client would include what the proxy appends.
            ("for=1.1.1.1;host=\", for=203.0.113.9", "10.0.0.1"),
            ("for=1.1.1.1;host=\", for=\"[2001:db8::1]:4711\"", "10.0.0.1"),
            ("for=1.1.1.1;host=\"\\\", for=203.0.113.9;host=\"b\"", "10.0.0.1"),
            ("for=1.1.1.1;host=\", for=203.0.113.9;host=\"a\\\"b\"", "10.0.0.1"),
        ] {
            assert_eq!(client("10.0.0.1", &[("forwarded", value)]), expected, "{value}");
        }
    }

    #[test]
    fn two_headers_that_differ_are_ignored() {
        let both = |xff, forwarded| client("10.0.0.1", &[("x-forwarded-for", xff), ("forwarded", forwarded)]);
        assert_eq!(both("203.0.113.9", "for=203.0.113.9;proto=https"), "203.0.113.9");
        assert_eq!(both("203.0.113.9", "for=9.9.9.9"), "10.0.0.1");
        // The proxy cleared the header.
        assert_eq!(both("203.0.113.9", " "), "203.0.113.9");
    }

    #[test]
    fn addresses_are_shortened_for_display_and_grouped_by_household() {
        let client = |text: &str| Client(text.parse().unwrap());
        assert_eq!(client("203.0.113.9").to_string(), "203.0.113.0/24");
        assert_eq!(client("2001:db8:1:2:3::4").to_string(), "2001:db8:1::/48");
        assert_eq!(client("2001:db8:1:2:3::4").share(), client("2001:db8:1:2:ffff::1").share());
        assert_ne!(client("203.0.113.9").share(), client("203.0.113.8").share());
    }

    proptest! {
        #[test]
        fn any_header_is_parsed_without_panic(value in "[ -~]{0,60}") {
            client("10.0.0.1", &[("forwarded", &value), ("x-forwarded-for", &value)]);
        }

        #[test]
        fn x_forwarded_for_cannot_be_forged(forged in "[ -~]{0,40}") {
            let value = format!("{forged}, 203.0.113.9");
            prop_assert_eq!(client("10.0.0.1", &[("x-forwarded-for", &value)]), "203.0.113.9");
        }

        #[test]
        fn forwarded_cannot_be_forged(
            forged in r#"(for=1\.1\.1\.1|host=|[;,="\\ a]){0,9}"#,
            own in prop::sample::select(vec![
                "for=203.0.113.9",
                r#"for="203.0.113.9:4711";host="relay.example""#,
                r#"by=x;host="a\"b";for=203.0.113.9"#,
            ]),
        ) {
            let named = client("10.0.0.1", &[("forwarded", &format!("{forged}, {own}"))]);
            // Or the header is ignored, and the proxy counts as the client.
            prop_assert!(["203.0.113.9", "10.0.0.1"].contains(&named.as_str()), "{named}");
        }
    }
}
