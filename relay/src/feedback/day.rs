//! Days in UTC.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use time::{Date, Month, OffsetDateTime};

/// A day in UTC, as text `2026-12-31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(Date);

impl Day {
    /// The current day.
    #[must_use]
    pub fn today() -> Self {
        Self(OffsetDateTime::now_utc().date())
    }

    /// The day of a file's time.
    pub(super) fn of(time: SystemTime) -> Self {
        Self(OffsetDateTime::from(time).date())
    }

    /// Days from this one to a later one; negative to an earlier one.
    #[must_use]
    pub fn until(self, later: Self) -> i64 {
        (later.0 - self.0).whole_days()
    }

    /// Time until the next day begins, at most a day.
    pub(crate) fn left(now: SystemTime) -> Duration {
        let seconds = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        Duration::from_secs(DAY - seconds % DAY)
    }
}

/// Seconds of a day.
const DAY: u64 = 24 * 3600;

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), u8::from(self.0.month()), self.0.day())
    }
}

/// The text is not a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give a day such as 2026-12-31")]
pub struct DayError;

impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, DayError> {
        let mut parts = text.splitn(3, '-');
        let mut date = || {
            let (year, month, day): (u16, u8, u8) =
                (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
            Date::from_calendar_date(year.into(), Month::try_from(month).ok()?, day).ok()
        };
        // Numbers are parsed with signs and without leading zeros too.
        date().map(Self).filter(|day| day.to_string() == text).ok_or(DayError)
    }
}

impl TryFrom<String> for Day {
    type Error = DayError;

    fn try_from(text: String) -> Result<Self, DayError> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_they_are_shown() {
        for text in ["2026-12-01", "0001-01-31", "2024-02-29"] {
            assert_eq!(text.parse::<Day>().unwrap().to_string(), text);
        }
        for text in ["", "2026-12", "2026-13-01", "2026-02-29", "2026-12-1", "+026-12-01", "2026-12-01-", "2026/12/01"]
        {
            assert_eq!(text.parse::<Day>(), Err(DayError), "{text}");
        }
    }

    #[test]
    fn days_are_counted_across_years() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        assert_eq!(day("2026-12-01").until(day("2027-12-01")), 365);
        assert_eq!(day("2026-12-02").until(day("2026-12-01")), -1);
    }

    #[test]
    fn the_rest_of_a_day_ends_at_midnight() {
        let at = |seconds| Day::left(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).as_secs();
        assert_eq!([at(0), at(1), at(DAY - 1), at(DAY)], [DAY, DAY - 1, 1, DAY]);
    }
}
