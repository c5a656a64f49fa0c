//! Errors of a probe, with hints.

use std::io;
use std::time::Duration;

use hyper::StatusCode;

/// Why a probe got no response.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The response is not HTTP.
    #[error("no HTTP response ({0}); another program may listen there: compare the address with the relay's --listen")]
    Http(#[from] hyper::Error),
    /// The timeout passed.
    #[error("no answer within {limit:?}: {}", step.hint())]
    Late {
        /// The step that was not done.
        step: Step,
        /// The timeout.
        limit: Duration,
    },
    /// Nothing listens.
    #[error("no answer: nothing listens there; start the relay, or give the address of its --listen")]
    Refused,
    /// TLS cannot be set up in this program.
    #[error("cannot set up TLS: {0}")]
    Setup(#[from] rustls::Error),
    /// The TLS handshake failed.
    #[error(
        "no answer over TLS ({0}); if the relay's log has no entry, another program listens there, or it is the \
         port of metrics: give the address of --listen"
    )]
    Tls(io::Error),
    /// The URL is not valid for a request.
    #[error("cannot request this ({0}); give a URL such as https://127.0.0.1:8080/livez")]
    Request(#[from] hyper::http::Error),
    /// The name has no address in DNS.
    #[error("no address for this name ({0}); check its spelling and DNS, or give the IP address")]
    Unknown(io::Error),
    /// The address cannot be reached.
    #[error("cannot reach the address ({0}); check the address and this machine's network")]
    Unreachable(io::Error),
}

/// The steps of a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Looking up the name.
    Name,
    /// Connecting.
    Connection,
    /// Agreeing on TLS.
    Handshake,
    /// Waiting for the answer.
    Answer,
}

impl Step {
    fn hint(self) -> &'static str {
        match self {
            Self::Name => "DNS does not answer; check this machine's network, or give the IP address",
            Self::Connection => "the connection is not accepted; check the address, and firewalls on the way",
            Self::Handshake => {
                "the connection is accepted, but no data come; the relay hangs or is overloaded, or another program \
                 listens there: check the relay's log"
            }
            Self::Answer => "the relay accepts the request and hangs, or is overloaded: check its log",
        }
    }
}

impl Failure {
    /// The failure of a connection attempt.
    pub(super) fn to_connect(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::ConnectionRefused { Self::Refused } else { Self::Unreachable(error) }
    }
}

/// The hint for a status that is not a success, if there is one.
pub(super) fn hint(status: StatusCode) -> Option<&'static str> {
    match status {
        StatusCode::NOT_FOUND => Some("the relay has no such path; request /livez or /readyz"),
        StatusCode::SERVICE_UNAVAILABLE => {
            Some("the relay runs, and is starting, stopping or overloaded; wait, or see /readyz")
        }
        StatusCode::TOO_MANY_REQUESTS => {
            Some("the relay limits the rate of requests; probe /livez or /readyz, which are exempt")
        }
        status if status.is_redirection() => {
            Some("this is not a relay, or a proxy before it; give the relay's own address")
        }
        _ => None,
    }
}
