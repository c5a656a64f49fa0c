//! The validity period of a certificate at a given time.

use std::fmt;

use time::{Duration, OffsetDateTime, UtcOffset};

use crate::text::counted;

/// Remaining time below which a certificate should be renewed, unless its whole lifetime is short.
pub(crate) const SOON: Duration = Duration::days(14);

/// The remaining time below which a certificate should be renewed: 14 days, or a third of a short lifetime, as
/// authorities that issue for days do it.
pub(crate) fn soon(not_before: OffsetDateTime, not_after: OffsetDateTime) -> Duration {
    SOON.min((not_after - not_before) / 3)
}

/// Whether a certificate is valid, and the time to or since its start or expiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    phase: Phase,
    /// The start or expiry, and the time until or since then.
    at: OffsetDateTime,
    distance: Duration,
    /// See [`soon`].
    soon: Duration,
}

/// The phase of a certificate at a given time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Before its start.
    Early,
    /// It is valid.
    Holds,
    /// After its expiry.
    Over,
}

impl Validity {
    /// The validity at `now` of a certificate with this start and expiry.
    #[must_use]
    pub fn new(not_before: OffsetDateTime, not_after: OffsetDateTime, now: OffsetDateTime) -> Self {
        let (phase, at, distance) = if not_after < now {
            (Phase::Over, not_after, now - not_after)
        } else if not_before > now {
            (Phase::Early, not_before, not_before - now)
        } else {
            (Phase::Holds, not_after, not_after - now)
        };
        Self { phase, at, distance, soon: soon(not_before, not_after) }
    }

    /// The phase.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Whether the certificate is valid and should be renewed.
    #[must_use]
    pub fn ends_soon(&self) -> bool {
        self.phase == Phase::Holds && self.distance <= self.soon
    }

    /// Without the date: `expired 3 days ago`.
    #[must_use]
    pub fn briefly(&self) -> String {
        let distance = in_words(self.distance);
        match self.phase {
            Phase::Early => format!("not valid yet, begins in {distance}"),
            Phase::Holds => format!("expires in {distance}"),
            Phase::Over => format!("expired {distance} ago"),
        }
    }
}

/// `expired 3 days ago, on 2026-11-20`, `is not valid yet: it begins in 2 hours, on 2026-11-20 08:00 UTC`.
impl fmt::Display for Validity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // From a day on, the hour is left out.
        let date = if self.distance >= Duration::DAY { day(self.at) } else { moment(self.at) };
        match self.phase {
            Phase::Early => write!(f, "is not valid yet: it begins in {}, on {date}", in_words(self.distance)),
            Phase::Holds | Phase::Over => write!(f, "{}, on {date}", self.briefly()),
        }
    }
}

/// A moment to the minute, in UTC.
#[must_use]
pub fn moment(time: OffsetDateTime) -> String {
    let utc = time.to_offset(UtcOffset::UTC);
    format!("{} {:02}:{:02} UTC", day(time), utc.hour(), utc.minute())
}

fn day(time: OffsetDateTime) -> String {
    let (year, month, day) = time.to_offset(UtcOffset::UTC).to_calendar_date();
    format!("{year:04}-{:02}-{day:02}", u8::from(month))
}

/// In the largest unit with a count of at least one.
fn in_words(time: Duration) -> String {
    if time >= Duration::DAY {
        counted(time.whole_days(), "day")
    } else if time >= Duration::HOUR {
        counted(time.whole_hours(), "hour")
    } else if time >= Duration::MINUTE {
        counted(time.whole_minutes(), "minute")
    } else {
        "less than a minute".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()
    }

    /// The validity of a certificate that begins and ends at these offsets from now.
    fn validity(begin: Duration, end: Duration) -> Validity {
        Validity::new(now() + begin, now() + end, now())
    }

    #[test]
    fn times_are_shown_in_utc() {
        assert_eq!(moment(now()), "2027-01-15 08:00 UTC");
        assert_eq!(moment(now().to_offset(UtcOffset::from_hms(8, 0, 0).unwrap())), "2027-01-15 08:00 UTC");
    }

    #[test]
    fn validity_is_shown_in_words() {
        let (long_ago, far) = (Duration::days(-100), Duration::days(100));
        for (begin, end, text) in [
            (long_ago, Duration::days(-3), "expired 3 days ago, on 2027-01-12"),
            (long_ago, Duration::hours(-47), "expired 1 day ago, on 2027-01-13"),
            (long_ago, Duration::hours(-23), "expired 23 hours ago, on 2027-01-14 09:00 UTC"),
            (long_ago, Duration::seconds(-1), "expired less than a minute ago, on 2027-01-15 07:59 UTC"),
            (long_ago, Duration::ZERO, "expires in less than a minute, on 2027-01-15 08:00 UTC"),
            (long_ago, Duration::minutes(1), "expires in 1 minute, on 2027-01-15 08:01 UTC"),
            (long_ago, Duration::days(12), "expires in 12 days, on 2027-01-27"),
            (Duration::hours(1), far, "is not valid yet: it begins in 1 hour, on 2027-01-15 09:00 UTC"),
            (Duration::days(2), far, "is not valid yet: it begins in 2 days, on 2027-01-17"),
        ] {
            assert_eq!(validity(begin, end).to_string(), text);
        }
    }
}
