//! Warns before the served certificate expires.

use time::{Duration, OffsetDateTime};

use super::details::Details;
use super::validity::{SOON, Validity, soon};

/// Remaining times at which a warning is due, as far as [`soon`] allows.
const MILESTONES: [Duration; 3] = [SOON, Duration::days(3), Duration::ZERO];

/// A certificate, and the milestones already reported.
#[derive(Debug)]
pub struct ExpiryMonitor {
    details: Details,
    reported: usize,
}

impl ExpiryMonitor {
    /// A monitor without reports yet.
    #[must_use]
    pub fn new(details: &Details) -> Self {
        Self { details: details.clone(), reported: 0 }
    }

    /// Continues with this certificate. Reports are not repeated for the same one.
    pub fn follow(&mut self, details: &Details) {
        if details.fingerprint != self.details.fingerprint {
            *self = Self::new(details);
        }
    }

    /// The report due at that time: one for each milestone, and only the latest of several passed since the last call.
    pub fn look(&mut self, now: OffsetDateTime) -> Option<Validity> {
        let Details { not_before, not_after, .. } = self.details;
        let soon = soon(not_before, not_after);
        let passed = MILESTONES.into_iter().filter(|left| not_after < now + soon.min(*left)).count();
        if passed <= self.reported {
            return None;
        }
        self.reported = passed;
        Some(self.details.validity(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()
    }

    /// A certificate that expires `days` after the start.
    fn certificate(days: i64) -> Details {
        issued(90, days)
    }

    /// A certificate that begins `before` days before the start and expires `days` after it.
    fn issued(before: i64, days: i64) -> Details {
        let mut params = rcgen::CertificateParams::default();
        params.not_before = start() - Duration::days(before);
        params.not_after = start() + Duration::days(days);
        let made = params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
        Details::of(made.der()).unwrap()
    }

    #[test]
    fn each_milestone_is_reported_once() {
        let mut monitor = ExpiryMonitor::new(&certificate(20));
        let hours = (0..=24 * 25).map(|hour| start() + Duration::hours(hour));
        let reported: Vec<(i64, String)> =
            hours.filter_map(|now| Some(((now - start()).whole_hours(), monitor.look(now)?.briefly()))).collect();
        let expected = [
            (6 * 24 + 1, "expires in 13 days"),
            (17 * 24 + 1, "expires in 2 days"),
            (20 * 24 + 1, "expired 1 hour ago"),
        ];
        assert_eq!(reported, expected.map(|(hour, text)| (hour, text.to_owned())));
    }

    #[test]
    fn a_new_short_lived_certificate_has_no_warning() {
        let mut monitor = ExpiryMonitor::new(&issued(0, 6));
        assert_eq!(monitor.look(start() + Duration::days(3)), None);
        assert_eq!(monitor.look(start() + Duration::hours(97)).unwrap().briefly(), "expires in 1 day");
    }

    #[test]
    fn only_the_latest_milestone_is_reported_after_a_late_start() {
        let mut monitor = ExpiryMonitor::new(&certificate(2));
        assert_eq!(monitor.look(start()).unwrap().briefly(), "expires in 2 days");
        assert_eq!(monitor.look(start() + Duration::DAY), None);
        assert_eq!(monitor.look(start() + Duration::days(4)).unwrap().briefly(), "expired 2 days ago");
        // Setting the clock back repeats no report.
        assert_eq!(monitor.look(start()), None);
        assert_eq!(monitor.look(start() + Duration::days(4)), None);
    }

    #[test]
    fn a_renewed_certificate_is_reported_again_and_the_same_is_not() {
        let (first, renewed) = (certificate(10), certificate(12));
        let mut monitor = ExpiryMonitor::new(&first);
        assert!(monitor.look(start()).is_some());
        monitor.follow(&first);
        assert!(monitor.look(start()).is_none());
        monitor.follow(&renewed);
        assert_eq!(monitor.look(start()).unwrap().briefly(), "expires in 12 days");
    }
}
