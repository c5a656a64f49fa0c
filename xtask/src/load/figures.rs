//! Statistics of times.

use std::time::Duration;

/// Times of requests.
#[derive(Clone, Debug, Default)]
pub(super) struct Times(Vec<Duration>);

impl Times {
    pub(super) fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Consecutive windows of that many times; an incomplete one at the end is dropped.
    pub(super) fn windows(&self, number: usize) -> impl Iterator<Item = Self> {
        self.0.chunks_exact(number.max(1)).map(|times| Self(times.to_vec()))
    }

    /// The quantile of a share from 0 to 1.
    pub(super) fn quantile(&self, share: f64) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort();
        let rank = (share * sorted.len() as f64).ceil() as usize;
        sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }
}

/// The most memory after a while under load that does not count as a leak, bytes: a tenth and 8 MB more than before,
/// since allocators return memory late.
pub(super) fn flat(before: u64) -> u64 {
    before + before / 10 + 8_000_000
}

/// Milliseconds, with a decimal below 100.
pub(super) fn ms(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1e3;
    if ms < 100.0 { format!("{ms:.1} ms") } else { format!("{ms:.0} ms") }
}

/// Megabytes.
pub(super) fn mb(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_may_grow_by_a_tenth_and_8_mb() {
        assert_eq!(flat(100_000_000), 118_000_000);
    }

    #[test]
    fn windows_keep_the_order() {
        let mut times = Times::default();
        (0..7).for_each(|ms| times.add(Duration::from_millis(ms)));
        let slowest: Vec<_> = times.windows(3).map(|times| times.quantile(1.0).as_millis()).collect();
        assert_eq!(slowest, [2, 5]);
    }

    #[test]
    fn quantiles_are_measured_times() {
        let mut times = Times::default();
        assert_eq!(times.quantile(0.5), Duration::ZERO);
        (1..=200).rev().for_each(|ms| times.add(Duration::from_millis(ms)));
        assert_eq!([0.0, 0.5, 0.99, 1.0].map(|share| times.quantile(share).as_millis()), [1, 100, 198, 200]);
    }
}
