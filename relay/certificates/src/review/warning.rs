//! Warnings about certificates that can be served but that clients reject.

use std::fmt;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use time::OffsetDateTime;

use super::details::Details;
use super::trust::trust;

/// A warning and a hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Warning {
    pub(crate) text: String,
    pub(crate) hint: String,
}

/// Warnings about a chain for clients with these roots, the server's own certificate first. Dates are not checked.
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

/// Warning and hint in one line.
impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.text, self.hint)
    }
}
