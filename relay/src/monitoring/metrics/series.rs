//! Counters, gauges and histograms, and their Prometheus text (exposition format 0.0.4).

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of a histogram's buckets, and their labels in seconds.
const SECONDS: [(&str, Duration); 13] = [
    ("0.001", Duration::from_micros(1000)),
    ("0.0025", Duration::from_micros(2500)),
    ("0.005", Duration::from_millis(5)),
    ("0.01", Duration::from_millis(10)),
    ("0.025", Duration::from_millis(25)),
    ("0.05", Duration::from_millis(50)),
    ("0.1", Duration::from_millis(100)),
    ("0.25", Duration::from_millis(250)),
    ("0.5", Duration::from_millis(500)),
    ("1", Duration::from_secs(1)),
    ("2.5", Duration::from_millis(2500)),
    ("5", Duration::from_secs(5)),
    ("10", Duration::from_secs(10)),
];

/// A value that only increases. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Counter(Arc<AtomicU64>);

/// A value that increases and decreases. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Gauge(Arc<AtomicI64>);

/// A histogram of times. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Histogram(Arc<Buckets>);

#[derive(Debug, Default)]
struct Buckets {
    /// The last bucket counts all longer times.
    counts: [AtomicU64; SECONDS.len() + 1],
    nanoseconds: AtomicU64,
}

/// The series of one metric, by labels. Clones share them.
#[derive(Clone, Debug)]
pub(super) struct Family<T, const N: usize> {
    labels: [&'static str; N],
    series: Arc<Mutex<BTreeMap<[String; N], T>>>,
}

/// A metric that can be written.
pub(super) trait Series {
    /// The Prometheus type.
    const KIND: &'static str;

    /// Writes the series; `labels` go between the braces unchanged.
    fn write(&self, name: &str, labels: &str, out: &mut String);
}

impl Counter {
    /// Adds 1.
    pub fn inc(&self) {
        self.inc_by(1);
    }

    /// Adds a number.
    pub fn inc_by(&self, number: u64) {
        self.0.fetch_add(number, Ordering::Relaxed);
    }

    /// The current count.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Gauge {
    /// Sets the value.
    pub fn set(&self, value: i64) {
        self.0.store(value, Ordering::Relaxed);
    }

    /// Increases the value.
    pub fn add(&self, number: i64) {
        self.0.fetch_add(number, Ordering::Relaxed);
    }

    /// Decreases the value.
    pub fn sub(&self, number: i64) {
        self.0.fetch_sub(number, Ordering::Relaxed);
    }
}

impl Histogram {
    /// Counts a time.
    pub fn observe(&self, time: Duration) {
        let bucket = SECONDS.partition_point(|(_, end)| *end < time);
        if let Some(count) = self.0.counts.get(bucket) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.0.nanoseconds.fetch_add(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

impl<T: Clone + Default, const N: usize> Family<T, N> {
    pub(super) fn new(labels: [&'static str; N]) -> Self {
        Self { labels, series: Arc::default() }
    }

    /// The series with these labels.
    pub(super) fn of(&self, values: [&str; N]) -> T {
        let mut series = self.series.lock().unwrap_or_else(PoisonError::into_inner);
        series.entry(values.map(str::to_owned)).or_default().clone()
    }

    /// Removes every series.
    pub(super) fn clear(&self) {
        self.series.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Series for Counter {
    const KIND: &'static str = "counter";

    fn write(&self, name: &str, labels: &str, out: &mut String) {
        line(name, labels, self.get(), out);
    }
}

impl Series for Gauge {
    const KIND: &'static str = "gauge";

    fn write(&self, name: &str, labels: &str, out: &mut String) {
        line(name, labels, self.0.load(Ordering::Relaxed), out);
    }
}

impl Series for Histogram {
    const KIND: &'static str = "histogram";

    fn write(&self, name: &str, labels: &str, out: &mut String) {
        let comma = if labels.is_empty() { "" } else { "," };
        let bucket = format!("{name}_bucket");
        let mut total = 0;
        let ends = SECONDS.iter().map(|(end, _)| *end).chain(["+Inf"]);
        for (end, count) in ends.zip(&self.0.counts) {
            total += count.load(Ordering::Relaxed);
            line(&bucket, &format!("{labels}{comma}le=\"{end}\""), total, out);
        }
        let seconds = self.0.nanoseconds.load(Ordering::Relaxed) as f64 / 1e9;
        line(&format!("{name}_sum"), labels, seconds, out);
        line(&format!("{name}_count"), labels, total, out);
    }
}

impl<T: Series, const N: usize> Series for Family<T, N> {
    const KIND: &'static str = T::KIND;

    fn write(&self, name: &str, _: &str, out: &mut String) {
        for (values, series) in &*self.series.lock().unwrap_or_else(PoisonError::into_inner) {
            let labels: Vec<String> = self
                .labels
                .iter()
                .zip(values)
                .map(|(label, value)| format!("{label}=\"{}\"", escaped(value)))
                .collect();
            series.write(name, &labels.join(","), out);
        }
    }
}

fn line(name: &str, labels: &str, value: impl std::fmt::Display, out: &mut String) {
    // Cannot fail: it writes to a string.
    let _ =
        if labels.is_empty() { writeln!(out, "{name} {value}") } else { writeln!(out, "{name}{{{labels}}} {value}") };
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(series: &impl Series) -> String {
        let mut out = String::new();
        series.write("x", "", &mut out);
        out
    }

    #[test]
    fn a_time_is_counted_in_each_bucket_up_from_its_own() {
        let times = Histogram::default();
        for time in [Duration::ZERO, Duration::from_micros(2500), Duration::from_micros(2501), Duration::from_secs(70)]
        {
            times.observe(time);
        }
        let text = text(&times);
        for line in [
            "x_bucket{le=\"0.001\"} 1",
            "x_bucket{le=\"0.0025\"} 2",
            "x_bucket{le=\"0.005\"} 3",
            "x_bucket{le=\"10\"} 3",
        ] {
            assert!(text.lines().any(|other| other == line), "{line} is not in\n{text}");
        }
        assert!(text.ends_with("x_bucket{le=\"+Inf\"} 4\nx_sum 70.005001\nx_count 4\n"), "{text}");
    }

    #[test]
    fn labels_are_escaped() {
        let family = Family::<Counter, 2>::new(["a", "b"]);
        family.of(["plain", "C:\\new \"leaf\"\n"]).inc_by(2);
        family.of(["plain", "C:\\new \"leaf\"\n"]).inc();
        assert_eq!(text(&family), "x{a=\"plain\",b=\"C:\\\\new \\\"leaf\\\"\\n\"} 3\n");
    }

    #[test]
    fn a_gauge_decreases() {
        let gauge = Gauge::default();
        gauge.clone().add(5);
        gauge.sub(7);
        assert_eq!(text(&gauge), "x -2\n");
    }
}
