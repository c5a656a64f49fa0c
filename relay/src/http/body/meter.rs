//! Measures the rate of bytes, and computes how long to wait for the next one.

use std::time::Duration;

use tokio::time::Instant;

use crate::settings::Times;

/// The minimum rate of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MinimumRate {
    /// Longest time without a byte. The average rate counts only after this time.
    pub(crate) stall: Duration,
    /// Bytes a second on average; 0 for no minimum.
    pub(crate) least_rate: usize,
}

impl From<Times> for MinimumRate {
    fn from(times: Times) -> Self {
        Self { stall: times.stall, least_rate: times.least_rate }
    }
}

/// Measures the bytes of one direction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meter {
    started: Instant,
    last: Instant,
    bytes: u64,
}

/// Why a transfer is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stall {
    /// No byte came for too long.
    Silent,
    /// The average rate is too low.
    BelowRate,
}

impl Meter {
    pub(crate) fn starting(now: Instant) -> Self {
        Self { started: now, last: now, bytes: 0 }
    }

    pub(crate) fn passed(&mut self, bytes: usize, now: Instant) {
        if bytes > 0 {
            self.bytes += bytes as u64;
            self.last = now;
        }
    }

    /// The deadline of the next byte, and the reason if it is missed.
    pub(crate) fn deadline(&self, minimum: MinimumRate) -> (Instant, Stall) {
        let silent = (self.last + minimum.stall, Stall::Silent);
        let Some(micros) = (self.bytes.saturating_mul(1_000_000)).checked_div(minimum.least_rate as u64) else {
            return silent;
        };
        let paid = Duration::from_micros(micros).max(minimum.stall);
        // A deadline beyond the range of `Instant` is none.
        let Some(below_rate) = self.started.checked_add(paid) else { return silent };
        if below_rate < silent.0 { (below_rate, Stall::BelowRate) } else { silent }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RATE: MinimumRate = MinimumRate { stall: Duration::from_secs(15), least_rate: 2000 };

    proptest! {
        /// Compares with the rule as documented: 15 s without a byte, or under 2 kB/s on average after the first 15 s.
        #[test]
        fn the_deadline_is_the_first_moment_that_breaks_the_rule(
            steps in proptest::collection::vec((0u64..20_000, 0usize..60_000), 0..30)
        ) {
            let started = Instant::now();
            let mut meter = Meter::starting(started);
            let (mut now, mut last, mut bytes) = (0, 0, 0u64);
            for (wait, came) in steps {
                let breaks = |at: u64| at - last >= 15_000 || at >= 15_000 && bytes * 1000 <= at * 2000;
                let (deadline, _) = meter.deadline(RATE);
                let first = (now..).find(|at| breaks(*at)).unwrap();
                let found = deadline.duration_since(started).as_micros().div_ceil(1000) as u64;
                prop_assert_eq!(found.max(now), first);
                now += wait;
                meter.passed(came, started + Duration::from_millis(now));
                if came > 0 {
                    (last, bytes) = (now, bytes + came as u64);
                }
            }
        }
    }

    #[test]
    fn without_a_minimum_rate_only_a_stall_counts() {
        let started = Instant::now();
        let mut meter = Meter::starting(started);
        let minimum = MinimumRate { least_rate: 0, ..RATE };
        for second in (10..1000).step_by(10) {
            meter.passed(1, started + Duration::from_secs(second));
            assert_eq!(meter.deadline(minimum), (started + Duration::from_secs(second + 15), Stall::Silent));
        }
    }
}
