//! What clients will not like about a certificate that can be served all the same.

use std::fmt;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use time::OffsetDateTime;

use super::details::Details;
use super::trust::trust;

/// One thing that clients will not like, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Warning {
    pub(crate) text: String,
    pub(crate) hint: String,
}

/// What clients that know these roots will not like about a chain, the server's own certificate first. Its dates are
/// left aside.
pub(crate) fn certificate_warnings(
    chain: &[CertificateDer<'_>],
    roots: &RootCertStore,
    now: OffsetDateTime,
) -> Vec<Warning> {
    let own = chain.first().and_then(|own| Details::of(own));
    let trust = trust(chain, roots, now);
    let untrusted = trust.hint().map(|hint| Warning { text: trust.to_string(), hint });
    own.and_then(|own| own.key.warning()).into_iter().chain(untrusted).collect()
}

/// In one line.
impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.text, self.hint)
    }
}
