//! The errors that WeChat shows.

use std::fmt;

/// Chromium network errors, as WeChat's network stack reports them. Numbers and names come from Chromium's
/// `net/base/net_error_list.h`. Of several errors WeChat shows the first in this order: connection, then TLS, then
/// certificate in the order of Chromium's `net/cert/cert_status_flags.cc`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NetError {
    /// The host is an IP address. WeChat refuses it: the domain list of a mini-program takes no IP addresses.
    NotListed,
    /// DNS has no address.
    NameNotResolved,
    /// There is no route to the address.
    AddressUnreachable,
    /// No program listens there.
    ConnectionRefused,
    /// There was no answer in time.
    ConnectionTimedOut,
    /// Another error of the connection.
    ConnectionFailed,
    /// The connection was reset.
    ConnectionReset,
    /// The connection was closed.
    ConnectionClosed,
    /// An error of the TLS protocol.
    SslProtocol,
    /// The server does not know the name.
    UnrecognizedName,
    /// No common version or cipher of TLS.
    VersionOrCipher,
    /// The certificate is invalid.
    CertificateInvalid,
    /// The chain leads to no trusted root.
    AuthorityInvalid,
    /// The certificate is of another name.
    CommonNameInvalid,
    /// The key is too short.
    WeakKey,
    /// The certificate is out of date.
    DateInvalid,
    /// The server sent no HTTP response.
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

    /// A hint for a server that does not answer as it should.
    pub(super) fn hint(self) -> &'static str {
        match self {
            Self::NotListed => "give the server a domain name; WeChat takes no IP addresses",
            Self::NameNotResolved => "enter the server's address at the domain's DNS provider, or correct the name",
            Self::AddressUnreachable => "check the address in DNS, and the network",
            Self::ConnectionRefused => "start the server there, or correct the port",
            Self::ConnectionTimedOut | Self::ConnectionFailed => {
                "open the port in the firewall and in the cloud provider's security group"
            }
            Self::ConnectionReset | Self::ConnectionClosed => {
                "enable TLS 1.2 on this port, and check whether a firewall or proxy ends the connection"
            }
            Self::SslProtocol => "enable TLS on this port; plain HTTP is not enough",
            Self::UnrecognizedName => "configure this name on the server (or on the proxy before it)",
            Self::VersionOrCipher => {
                "enable TLS 1.2 with current ciphers (mango-relay does; nginx: ssl_protocols TLSv1.2 TLSv1.3)"
            }
            Self::CertificateInvalid
            | Self::AuthorityInvalid
            | Self::CommonNameInvalid
            | Self::WeakKey
            | Self::DateInvalid => "give the server another certificate",
            Self::InvalidHttp => "check the server's log: it accepted the connection and sent no HTTP response",
        }
    }
}

/// The error text of `wx.uploadFile`.
impl fmt::Display for NetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.chromium() {
            None => f.write_str("600002 url not in domain list"),
            Some((number, name)) => write!(f, "600001 errcode:{number} net::ERR_{name}"),
        }
    }
}

/// The error and its cause.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) error: NetError,
    pub(super) why: String,
}
