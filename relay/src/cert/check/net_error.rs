//! The errors that WeChat shows.

use std::fmt;

/// Why WeChat's network part, which is Chromium's, gives up; numbers and names are those of Chromium's
/// `net/base/net_error_list.h`. Of several, the first in this order is shown: connection, then TLS, then certificate in
/// the order of Chromium's `net/cert/cert_status_flags.cc`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NetError {
    /// The host is an IP address, which no domain list of a mini-program takes: WeChat itself refuses.
    NotListed,
    NameNotResolved,
    AddressUnreachable,
    ConnectionRefused,
    ConnectionTimedOut,
    ConnectionFailed,
    ConnectionReset,
    ConnectionClosed,
    SslProtocol,
    UnrecognizedName,
    VersionOrCipher,
    CertificateInvalid,
    AuthorityInvalid,
    CommonNameInvalid,
    WeakKey,
    DateInvalid,
    InvalidHttp,
}

impl NetError {
    fn chromium(self) -> Option<(i16, &'static str)> {
        Some(match self {
            Self::NotListed => return None,
            Self::NameNotResolved => (-105, "NAME_NOT_RESOLVED"),
            Self::AddressUnreachable => (-109, "ADDRESS_UNREACHABLE"),
            Self::ConnectionRefused => (-102, "CONNECTION_REFUSED"),
            Self::ConnectionTimedOut => (-118, "CONNECTION_TIMED_OUT"),
            Self::ConnectionFailed => (-104, "CONNECTION_FAILED"),
            Self::ConnectionReset => (-101, "CONNECTION_RESET"),
            Self::ConnectionClosed => (-100, "CONNECTION_CLOSED"),
            Self::SslProtocol => (-107, "SSL_PROTOCOL_ERROR"),
            Self::UnrecognizedName => (-159, "SSL_UNRECOGNIZED_NAME_ALERT"),
            Self::VersionOrCipher => (-113, "SSL_VERSION_OR_CIPHER_MISMATCH"),
            Self::CertificateInvalid => (-207, "CERT_INVALID"),
            Self::AuthorityInvalid => (-202, "CERT_AUTHORITY_INVALID"),
            Self::CommonNameInvalid => (-200, "CERT_COMMON_NAME_INVALID"),
            Self::WeakKey => (-211, "CERT_WEAK_KEY"),
            Self::DateInvalid => (-201, "CERT_DATE_INVALID"),
            Self::InvalidHttp => (-370, "INVALID_HTTP_RESPONSE"),
        })
    }

    /// What to do about it, where a server does not answer as it should.
    pub(super) fn hint(self) -> &'static str {
        match self {
            Self::NotListed => "give the server a domain name; WeChat takes no IP addresses",
            Self::NameNotResolved => "enter the server's address at the domain's DNS provider, or mend the name",
            Self::AddressUnreachable => "look at the address that DNS gives, and at the network",
            Self::ConnectionRefused => "start the server there, or mend the port",
            Self::ConnectionTimedOut | Self::ConnectionFailed => {
                "open the port in the firewall and in the cloud provider's security group"
            }
            Self::ConnectionReset | Self::ConnectionClosed => {
                "let the server speak TLS 1.2 on this port, and look whether a firewall or proxy ends the connection"
            }
            Self::SslProtocol => "let the server speak TLS on this port; plain HTTP does not serve",
            Self::UnrecognizedName => "tell the server (or the proxy before it) that it answers for this name",
            Self::VersionOrCipher => {
                "let the server offer TLS 1.2 with ciphers of today (mango-relay does; nginx: ssl_protocols TLSv1.2 TLSv1.3)"
            }
            Self::CertificateInvalid
            | Self::AuthorityInvalid
            | Self::CommonNameInvalid
            | Self::WeakKey
            | Self::DateInvalid => "give the server another certificate",
            Self::InvalidHttp => "look into the server's log: it took the connection and gave no answer in HTTP",
        }
    }
}

/// As `wx.uploadFile` reports it.
impl fmt::Display for NetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.chromium() {
            None => f.write_str("600002 url not in domain list"),
            Some((number, name)) => write!(f, "600001 errcode:{number} net::ERR_{name}"),
        }
    }
}
