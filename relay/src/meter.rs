//! How fast bytes meter, and until when they may be waited for.

use std::time::Duration;

use tokio::time::Instant;

use crate::settings::Times;

/// What bytes that are on their way are held to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MinimumRate {
    /// Time without a byte; the average counts only after so long.
    pub(crate) stall: Duration,
    /// Bytes a second on average; 0 asks none.
    pub(crate) least_rate: usize,
}

impl From<Times> for MinimumRate {
    fn from(times: Times) -> Self {
        Self { stall: times.stall, least_rate: times.least_rate }
    }
}

/// Bytes that meter one way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meter {
    started: Instant,
    last: Instant,
    bytes: u64,
}

/// Why bytes are not waited for any longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stall {
    /// None came for too long.
    Silent,
    /// Too few came in all.
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

    /// Until when the next byte is waited for, and what it would then be late by.
    pub(crate) fn deadline(&self, minimum: MinimumRate) -> (Instant, Stall) {
        let silent = (self.last + minimum.stall, Stall::Silent);
        let Some(micros) = (self.bytes.saturating_mul(1_000_000)).checked_div(minimum.least_rate as u64) else {
            return silent;
        };
        let paid = Duration::from_micros(micros).max(minimum.stall);
        // A rate so small that its time cannot be told asks nothing.
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
        /// Held against the rule in words: 15 s without a byte, or under 2 kB/s on average after the first 15 s.
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
    fn without_a_rate_only_silence_counts() {
        let started = Instant::now();
        let mut meter = Meter::starting(started);
        let minimum = MinimumRate { least_rate: 0, ..RATE };
        for second in (10..1000).step_by(10) {
            meter.passed(1, started + Duration::from_secs(second));
            assert_eq!(meter.deadline(minimum), (started + Duration::from_secs(second + 15), Stall::Silent));
        }
    }
}
