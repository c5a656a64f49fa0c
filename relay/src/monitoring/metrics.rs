//! The relay's metrics for Prometheus.
//!
//! Labels come from small fixed sets (routes, statuses, classes), so clients cannot create series.

use std::time::Duration;

use mango_inference::{ModelId, Prediction, Verdict};
use prometheus::core::Collector;
use prometheus::{
    Error, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder,
};

/// The prefix of every name.
const PREFIX: &str = "mango_relay";

/// Upper bounds of the buckets of times, seconds.
const SECONDS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Routes for photos, whose series exist from the start.
const PHOTO_ROUTES: [&str; 2] = ["/upload_image", "/v1/predict"];

/// All metrics. Clones share them.
#[derive(Clone, Debug)]
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    request_seconds: HistogramVec,
    photos: IntCounterVec,
    refused: IntCounterVec,
    abandoned: IntCounterVec,
    model: IntGaugeVec,
    /// Time from the end of a body to the beginning of its inference, seconds.
    pub queue_seconds: Histogram,
    /// Time of a job, from decoding to the answer, seconds.
    pub inference_seconds: Histogram,
    /// Slots for photos.
    pub queue_places: IntGauge,
    /// Photos that wait.
    pub queue_waiting: IntGauge,
    /// Running jobs.
    pub inference_running: IntGauge,
    /// Panics that were caught.
    pub panics: IntCounter,
    /// Bytes of bodies that arrived.
    pub upload_bytes: IntCounter,
    /// Open connections.
    pub connections: IntGauge,
    /// End of the served certificate, seconds since 1970.
    pub certificate_expiry: IntGauge,
    /// 1 if the relay is ready, else 0.
    pub ready: IntGauge,
    /// Records of feedback.
    pub feedback_records: IntGauge,
    /// Bytes of the feedback.
    pub feedback_bytes: IntGauge,
}

/// Why a request was refused before its photo was processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Every slot in the pool was taken.
    Full,
    /// The memory for uploads was used up.
    Memory,
    /// The client sent plain HTTP to the HTTPS port.
    PlainHttp,
    /// The client exceeded its rate limit.
    Rate,
}

/// Why a job was abandoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abandonment {
    /// The client left.
    ClientLeft,
    /// The deadline passed.
    Deadline,
}

impl Metrics {
    /// All metrics at 0.
    ///
    /// # Errors
    /// A name is invalid or used twice; this cannot happen.
    pub fn new() -> Result<Self, Error> {
        let registry = Registry::new_custom(Some(PREFIX.to_owned()), None)?;
        let add = Registrar(&registry);
        let new = Self {
            requests: add.counters(
                "requests_total",
                "Requests by route and status; 499: the client left.",
                ["route", "status"],
            )?,
            request_seconds: add.times_by(
                "request_seconds",
                "Time from a request's header to its answer.",
                ["route"],
            )?,
            photos: add.counters(
                "photos_total",
                "Photos that were answered, by first class and verdict.",
                ["class", "verdict"],
            )?,
            upload_bytes: add.counter("upload_bytes_total", "Bytes of bodies that arrived.")?,
            refused: add.counters(
                "refused_total",
                "Requests refused: queue full, memory used up, plain HTTP, rate limit.",
                ["reason"],
            )?,
            abandoned: add.counters(
                "abandoned_total",
                "Jobs given up: the client left, the deadline was over.",
                ["reason"],
            )?,
            panics: add.counter("panics_total", "Panics that were caught; each is a fault of the relay.")?,
            queue_seconds: add.times("queue_seconds", "Time from a body's end to the beginning of its inference.")?,
            inference_seconds: add.times("inference_seconds", "Time of a job, from decoding to the answer.")?,
            queue_places: add.gauge("queue_places", "Photos that may be in inference or wait for it.")?,
            queue_waiting: add.gauge("queue_waiting", "Photos that wait for inference.")?,
            inference_running: add.gauge("inference_running", "Jobs that are computed.")?,
            connections: add.gauge("connections", "Open connections.")?,
            certificate_expiry: add
                .gauge("certificate_expiry_timestamp_seconds", "When the certificate ends, seconds since 1970.")?,
            model: add
                .add(IntGaugeVec::new(Opts::new("model_info", "The model that answers."), &["name", "version"]))?,
            feedback_records: add.gauge("feedback_records", "Records of feedback that are kept.")?,
            feedback_bytes: add.gauge("feedback_bytes", "Bytes of the feedback that is kept.")?,
            ready: add.gauge("ready", "1 where the relay is ready for requests, else 0.")?,
            registry,
        };
        // Series that exist from the start can alert on their first count, and each metric has one.
        for reason in [Refusal::Full, Refusal::Memory, Refusal::PlainHttp, Refusal::Rate] {
            new.refused.with_label_values(&[reason.label()]);
        }
        for reason in [Abandonment::ClientLeft, Abandonment::Deadline] {
            new.abandoned.with_label_values(&[reason.label()]);
        }
        for route in PHOTO_ROUTES {
            new.requests.with_label_values(&[route, "200"]);
            new.request_seconds.with_label_values(&[route]);
        }
        new.photos.with_label_values(&["none", Verdict::NotMangoLeaf.as_str()]);
        Ok(new)
    }

    /// Counts an answered request. `route` is one of the router's own patterns.
    pub fn request(&self, route: &str, status: u16, time: Duration) {
        self.requests.with_label_values(&[route, &status.to_string()]).inc();
        self.request_seconds.with_label_values(&[route]).observe(time.as_secs_f64());
    }

    /// Counts an answered photo.
    pub fn photo(&self, prediction: &Prediction) {
        let class = prediction.best().map_or("none", |class| class.id.as_str());
        self.photos.with_label_values(&[class, prediction.verdict.as_str()]).inc();
    }

    /// Counts a refused request.
    pub fn refuse(&self, reason: Refusal) {
        self.refused.with_label_values(&[reason.label()]).inc();
    }

    /// Counts an abandoned job.
    pub fn abandon(&self, reason: Abandonment) {
        self.abandoned.with_label_values(&[reason.label()]).inc();
    }

    /// Sets the current model.
    pub fn model(&self, model: &ModelId) {
        self.model.reset();
        self.model.with_label_values(&[&model.name, &model.version]).set(1);
    }

    /// All metrics in Prometheus's text format.
    #[must_use]
    pub fn text(&self) -> String {
        // Cannot fail: every metric has a series, and the text is written to a string.
        TextEncoder::new().encode_to_string(&self.registry.gather()).unwrap_or_default()
    }
}

/// Adds metrics to a registry.
struct Registrar<'a>(&'a Registry);

impl Registrar<'_> {
    fn counter(&self, name: &str, help: &str) -> Result<IntCounter, Error> {
        self.add(IntCounter::new(name, help))
    }

    fn counters<const N: usize>(&self, name: &str, help: &str, labels: [&str; N]) -> Result<IntCounterVec, Error> {
        self.add(IntCounterVec::new(Opts::new(name, help), &labels))
    }

    fn gauge(&self, name: &str, help: &str) -> Result<IntGauge, Error> {
        self.add(IntGauge::new(name, help))
    }

    fn times(&self, name: &str, help: &str) -> Result<Histogram, Error> {
        self.add(Histogram::with_opts(HistogramOpts::new(name, help).buckets(SECONDS.to_vec())))
    }

    fn times_by<const N: usize>(&self, name: &str, help: &str, labels: [&str; N]) -> Result<HistogramVec, Error> {
        self.add(HistogramVec::new(HistogramOpts::new(name, help).buckets(SECONDS.to_vec()), &labels))
    }

    fn add<C: Collector + Clone + 'static>(&self, made: Result<C, Error>) -> Result<C, Error> {
        let metric = made?;
        self.0.register(Box::new(metric.clone()))?;
        Ok(metric)
    }
}

impl Refusal {
    fn label(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Memory => "memory",
            Self::PlainHttp => "plain_http",
            Self::Rate => "rate",
        }
    }
}

impl Abandonment {
    fn label(self) -> &'static str {
        match self {
            Self::ClientLeft => "client_left",
            Self::Deadline => "deadline",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_written_with_the_prefix() {
        let metrics = Metrics::new().unwrap();
        metrics.request("/upload_image", 200, Duration::from_millis(3));
        metrics.refuse(Refusal::Full);
        metrics.model(&ModelId { name: "old".to_owned(), version: "1".to_owned() });
        metrics.model(&ModelId { name: "leaf".to_owned(), version: "2".to_owned() });
        let text = metrics.text();
        for line in [
            "mango_relay_requests_total{route=\"/upload_image\",status=\"200\"} 1",
            "mango_relay_request_seconds_bucket{route=\"/upload_image\",le=\"0.0025\"} 0",
            "mango_relay_request_seconds_bucket{route=\"/upload_image\",le=\"0.005\"} 1",
            "mango_relay_refused_total{reason=\"full\"} 1",
            "mango_relay_refused_total{reason=\"rate\"} 0",
            "mango_relay_abandoned_total{reason=\"client_left\"} 0",
            "mango_relay_model_info{name=\"leaf\",version=\"2\"} 1",
        ] {
            assert!(text.lines().any(|other| other == line), "{line} is not in\n{text}");
        }
        assert!(!text.contains("\"old\""), "{text}");
        let names = text.lines().filter(|line| !line.starts_with('#'));
        assert!(names.clone().count() > 40 && names.clone().all(|line| line.starts_with("mango_relay_")), "{text}");
    }

    #[test]
    fn a_time_is_counted_in_each_bucket_up_from_its_own() {
        let metrics = Metrics::new().unwrap();
        for micros in [0, 2500, 2501, 70_000_000] {
            metrics.request("/", 200, Duration::from_micros(micros));
        }
        let text = metrics.text();
        for (end, count) in [("0.001", 1), ("0.0025", 2), ("0.005", 3), ("10", 3), ("+Inf", 4)] {
            let line = format!("mango_relay_request_seconds_bucket{{route=\"/\",le=\"{end}\"}} {count}");
            assert!(text.lines().any(|other| other == line), "{line} is not in\n{text}");
        }
        assert!(text.contains("mango_relay_request_seconds_sum{route=\"/\"} 70.005001\n"), "{text}");
    }
}
