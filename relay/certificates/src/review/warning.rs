//! Warnings about certificates that can be served but that clients reject.

use std::fmt;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use time::OffsetDateTime;

use super::trust::trust;
use crate::certificate::{Details, Key, Phase, Validity, too_short};

/// A warning and a hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The warning.
    pub text: String,
    /// What to do.
    pub hint: String,
}

impl Warning {
    /// The warning about a key that phones refuse for its size.
    #[must_use]
    pub fn of_key(key: &Key) -> Option<Self> {
        match key {
            Key::Rsa { bits } if key.is_weak() => {
                let [text, hint] = too_short(*bits);
                Some(Self { text, hint })
            }
            _ => None,
        }
    }

    /// The warning about a certificate that is out of date or ends soon.
    #[must_use]
    pub fn of_dates(validity: &Validity) -> Option<Self> {
        let hint = match validity.phase() {
            Phase::Early => {
                "wait for it, or use the old one until then; if it should hold already, set this machine's clock"
            }
            Phase::Holds if !validity.ends_soon() => return None,
            Phase::Holds => "renew it now, at the authority that issued it",
            Phase::Over => {
                "renew it at the authority that issued it; if it should still hold, set this machine's clock"
            }
        };
        Some(Self { text: validity.to_string(), hint: hint.to_owned() })
    }

    /// Warnings about a chain for clients with these roots, the server's own certificate first. Dates are not checked.
    #[must_use]
    pub fn of_chain(chain: &[CertificateDer<'_>], roots: &RootCertStore, now: OffsetDateTime) -> Vec<Self> {
        let own = chain.first().and_then(|own| Details::of(own));
        let trust = trust(chain, roots, now);
        let untrusted = trust.hint().map(|hint| Self { text: trust.to_string(), hint });
        own.and_then(|own| Self::of_key(&own.key)).into_iter().chain(untrusted).collect()
    }
}

/// Warning and hint in one line.
impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.text, self.hint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration;

    /// See `certificate::validity`.
    const SOON: Duration = Duration::days(14);

    /// The validity of a certificate that begins and ends at these offsets from now.
    fn validity(begin: Duration, end: Duration) -> Validity {
        let now = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
        Validity::new(now + begin, now + end, now)
    }

    #[test]
    fn only_a_long_remaining_time_has_no_warning() {
        let (day, long) = (Duration::DAY, Duration::days(-76));
        assert_eq!(Warning::of_dates(&validity(long, SOON + day)), None);
        // A lifetime of six days.
        assert_eq!(Warning::of_dates(&validity(-day * 3, day * 3)), None);
        for (validity, hint) in [
            (validity(long, SOON), "renew it now"),
            (validity(-day * 4, day * 2), "renew it now"),
            (validity(long, -SOON), "renew it"),
            (validity(day, SOON), "wait"),
        ] {
            assert!(Warning::of_dates(&validity).unwrap().hint.starts_with(hint), "{validity}");
        }
    }
}
