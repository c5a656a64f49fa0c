//! How near a running server's certificate is to its end.

use time::{Duration, OffsetDateTime};

use super::details::Details;
use super::validity::{SOON, Validity, soon};

/// The time before its end at which a certificate is warned of, if that is no more than [`soon`] allows.
const MILESTONES: [Duration; 3] = [SOON, Duration::days(3), Duration::ZERO];

/// A certificate, and which of its milestones were told.
#[derive(Debug)]
pub(crate) struct ExpiryMonitor {
    details: Details,
    told: usize,
}

impl ExpiryMonitor {
    /// Of a certificate of which nothing was told.
    pub(crate) fn new(details: &Details) -> Self {
        Self { details: details.clone(), told: 0 }
    }

    /// Goes on with this certificate. Where it is the same as before, what was told is not told again.
    pub(crate) fn follow(&mut self, details: &Details) {
        if details.fingerprint != self.details.fingerprint {
            *self = Self::new(details);
        }
    }

    /// What is to be told at that time: once for each milestone, and only the latest of those passed since the last look.
    pub(crate) fn look(&mut self, now: OffsetDateTime) -> Option<Validity> {
        let Details { not_before, not_after, .. } = self.details;
        let soon = soon(not_before, not_after);
        let passed = MILESTONES.into_iter().filter(|left| not_after < now + soon.min(*left)).count();
        if passed <= self.told {
            return None;
        }
        self.told = passed;
        Some(self.details.validity(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()
    }

    /// A certificate that ends so many days after the start.
    fn certificate(days: i64) -> Details {
        issued(90, days)
    }

    /// One that begins so many days before the start, and ends so many after it.
    fn issued(before: i64, days: i64) -> Details {
        let mut params = rcgen::CertificateParams::default();
        params.not_before = start() - Duration::days(before);
        params.not_after = start() + Duration::days(days);
        let made = params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
        Details::of(made.der()).unwrap()
    }

    #[test]
    fn each_milestone_is_told_once() {
        let mut monitor = ExpiryMonitor::new(&certificate(20));
        let hours = (0..=24 * 25).map(|hour| start() + Duration::hours(hour));
        let told: Vec<(i64, String)> =
            hours.filter_map(|now| Some(((now - start()).whole_hours(), monitor.look(now)?.briefly()))).collect();
        let expected = [
            (6 * 24 + 1, "expires in 13 days"),
            (17 * 24 + 1, "expires in 2 days"),
            (20 * 24 + 1, "expired 1 hour ago"),
        ];
        assert_eq!(told, expected.map(|(hour, text)| (hour, text.to_owned())));
    }

    #[test]
    fn one_that_is_always_short_is_not_warned_of_while_it_is_new() {
        let mut monitor = ExpiryMonitor::new(&issued(0, 6));
        assert_eq!(monitor.look(start() + Duration::days(3)), None);
        assert_eq!(monitor.look(start() + Duration::hours(97)).unwrap().briefly(), "expires in 1 day");
    }

    #[test]
    fn who_starts_late_is_told_of_the_latest_only() {
        let mut monitor = ExpiryMonitor::new(&certificate(2));
        assert_eq!(monitor.look(start()).unwrap().briefly(), "expires in 2 days");
        assert_eq!(monitor.look(start() + Duration::DAY), None);
        assert_eq!(monitor.look(start() + Duration::days(4)).unwrap().briefly(), "expired 2 days ago");
        // A clock that is set back makes nothing new.
        assert_eq!(monitor.look(start()), None);
        assert_eq!(monitor.look(start() + Duration::days(4)), None);
    }

    #[test]
    fn another_certificate_begins_anew_and_the_same_does_not() {
        let (first, renewed) = (certificate(10), certificate(12));
        let mut monitor = ExpiryMonitor::new(&first);
        assert!(monitor.look(start()).is_some());
        monitor.follow(&first);
        assert!(monitor.look(start()).is_none());
        monitor.follow(&renewed);
        assert_eq!(monitor.look(start()).unwrap().briefly(), "expires in 12 days");
    }
}
