//! Why a relay that was probed does not answer, and what to do.

use std::io;
use std::time::Duration;

use hyper::StatusCode;

/// What keeps a relay from answering.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// What answers does not speak HTTP.
    #[error("no answer in HTTP ({0}); another program may listen there: compare the address with the relay's --listen")]
    Http(#[from] hyper::Error),
    /// The time was over.
    #[error("no answer within {limit:?}: {}", step.hint())]
    Late {
        /// What was not done by then.
        step: Step,
        /// The time.
        limit: Duration,
    },
    /// Nothing listens.
    #[error("no answer, since nothing listens there; start the relay, or give the address of its --listen")]
    Refused,
    /// TLS cannot be set up on this side.
    #[error("cannot set up TLS: {0}")]
    Setup(#[from] rustls::Error),
    /// What listens does not speak TLS, or refuses to.
    #[error(
        "no answer over TLS ({0}); if the relay's log says nothing of it another program listens there, or it is the \
         port of metrics: give the address of --listen"
    )]
    Tls(io::Error),
    /// The address makes no request.
    #[error("cannot ask for this ({0}); give an address such as https://127.0.0.1:8080/livez")]
    Request(#[from] hyper::http::Error),
    /// The name has no address.
    #[error("no address is known by this name ({0}); look at its spelling and at DNS, or give the IP address")]
    Unknown(io::Error),
    /// The system has no way there.
    #[error("no way there ({0}); look at the address and at this machine's network")]
    Unreachable(io::Error),
}

/// What is done one after the other.
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
            Self::Name => "DNS does not answer; look at this machine's network, or give the IP address",
            Self::Connection => "nobody takes the connection; look at the address, and at firewalls on the way",
            Self::Handshake => {
                "the connection is taken, but nothing is said; the relay hangs or has too much to do, or another program \
                 listens there: look at the relay's log"
            }
            Self::Answer => "the relay takes the request and hangs, or has too much to do: look at its log",
        }
    }
}

impl Failure {
    /// Of a connection that was not made.
    pub(super) fn to_connect(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::ConnectionRefused { Self::Refused } else { Self::Unreachable(error) }
    }
}

/// What to do about a status that is not one of success, where that can be told.
pub(super) fn hint(status: StatusCode) -> Option<&'static str> {
    match status {
        StatusCode::NOT_FOUND => Some("the relay has no such page; ask for /livez or /readyz"),
        StatusCode::SERVICE_UNAVAILABLE => {
            Some("the relay lives, and starts, stops or is overloaded; wait, /readyz says which")
        }
        StatusCode::TOO_MANY_REQUESTS => {
            Some("the relay limits its clients; probe /livez or /readyz, which it does not")
        }
        status if status.is_redirection() => {
            Some("this is no relay, or a proxy before it; give the relay's own address")
        }
        _ => None,
    }
}
