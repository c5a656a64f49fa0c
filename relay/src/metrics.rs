//! The relay's metrics for Prometheus.
//!
//! Labels come from small fixed sets (routes, statuses, classes), so clients cannot create series.

mod series;

pub use series::{Counter, Gauge, Histogram};

use std::fmt::Write;
use std::time::Duration;

use mango_inference::{ModelId, Prediction, Verdict};
use series::{Family, Series};

/// The prefix of every name.
const PREFIX: &str = "mango_relay_";

/// All metrics. Clones share them.
#[derive(Clone, Debug)]
pub struct Metrics {
    requests: Family<Counter, 2>,
    request_seconds: Family<Histogram, 1>,
    photos: Family<Counter, 2>,
    refused: Family<Counter, 1>,
    abandoned: Family<Counter, 1>,
    model: Family<Gauge, 2>,
    /// Time from the end of a body to the beginning of its inference.
    pub queue_seconds: Histogram,
    /// Time of a job, from decoding to the answer.
    pub inference_seconds: Histogram,
    /// Slots for photos.
    pub queue_places: Gauge,
    /// Photos that wait.
    pub queue_waiting: Gauge,
    /// Running jobs.
    pub inference_running: Gauge,
    /// Panics that were caught.
    pub panics: Counter,
    /// Bytes of bodies that arrived.
    pub upload_bytes: Counter,
    /// Open connections.
    pub connections: Gauge,
    /// End of the served certificate, seconds since 1970.
    pub certificate_expiry: Gauge,
    /// 1 if the relay is ready, else 0.
    pub ready: Gauge,
    /// Records of feedback.
    pub feedback_records: Gauge,
    /// Bytes of the feedback.
    pub feedback_bytes: Gauge,
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

impl Default for Metrics {
    /// All metrics at 0.
    fn default() -> Self {
        let new = Self {
            requests: Family::new(["route", "status"]),
            request_seconds: Family::new(["route"]),
            photos: Family::new(["class", "verdict"]),
            refused: Family::new(["reason"]),
            abandoned: Family::new(["reason"]),
            model: Family::new(["name", "version"]),
            queue_seconds: Histogram::default(),
            inference_seconds: Histogram::default(),
            queue_places: Gauge::default(),
            queue_waiting: Gauge::default(),
            inference_running: Gauge::default(),
            panics: Counter::default(),
            upload_bytes: Counter::default(),
            connections: Gauge::default(),
            certificate_expiry: Gauge::default(),
            ready: Gauge::default(),
            feedback_records: Gauge::default(),
            feedback_bytes: Gauge::default(),
        };
        // Series that exist from the start can alert on their first count.
        for reason in [Refusal::Full, Refusal::Memory, Refusal::PlainHttp, Refusal::Rate] {
            new.refused.of([reason.label()]);
        }
        for reason in [Abandonment::ClientLeft, Abandonment::Deadline] {
            new.abandoned.of([reason.label()]);
        }
        new
    }
}

impl Metrics {
    /// Counts an answered request. `route` is one of the router's own patterns.
    pub fn request(&self, route: &str, status: u16, time: Duration) {
        self.requests.of([route, &status.to_string()]).inc();
        self.request_seconds.of([route]).observe(time);
    }

    /// Counts an answered photo.
    pub fn photo(&self, prediction: &Prediction) {
        let class = prediction.best().map_or("none", |class| class.id.as_str());
        self.photos.of([class, verdict(prediction.verdict)]).inc();
    }

    /// Counts a refused request.
    pub fn refuse(&self, reason: Refusal) {
        self.refused.of([reason.label()]).inc();
    }

    /// Counts an abandoned job.
    pub fn abandon(&self, reason: Abandonment) {
        self.abandoned.of([reason.label()]).inc();
    }

    /// Sets the current model.
    pub fn model(&self, model: &ModelId) {
        self.model.clear();
        self.model.of([&model.name, &model.version]).set(1);
    }

    /// All metrics in Prometheus's text format.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        let out = &mut out;
        write("requests_total", "Requests by route and status; 499: the client left.", &self.requests, out);
        write("request_seconds", "Time from a request's header to its answer.", &self.request_seconds, out);
        write("photos_total", "Photos that were answered, by first class and verdict.", &self.photos, out);
        write("upload_bytes_total", "Bytes of bodies that arrived.", &self.upload_bytes, out);
        write(
            "refused_total",
            "Requests refused: queue full, memory used up, plain HTTP, rate limit.",
            &self.refused,
            out,
        );
        write("abandoned_total", "Jobs given up: the client left, the deadline was over.", &self.abandoned, out);
        write("panics_total", "Panics that were caught; each is a fault of the relay.", &self.panics, out);
        write("queue_seconds", "Time from a body's end to the beginning of its inference.", &self.queue_seconds, out);
        write("inference_seconds", "Time of a job, from decoding to the answer.", &self.inference_seconds, out);
        write("queue_places", "Photos that may be in inference or wait for it.", &self.queue_places, out);
        write("queue_waiting", "Photos that wait for inference.", &self.queue_waiting, out);
        write("inference_running", "Jobs that are computed.", &self.inference_running, out);
        write("connections", "Open connections.", &self.connections, out);
        let expiry = &self.certificate_expiry;
        write("certificate_expiry_timestamp_seconds", "When the certificate ends, seconds since 1970.", expiry, out);
        write("model_info", "The model that answers.", &self.model, out);
        write("feedback_records", "Records of feedback that are kept.", &self.feedback_records, out);
        write("feedback_bytes", "Bytes of the feedback that is kept.", &self.feedback_bytes, out);
        write("ready", "1 where the relay is ready for requests, else 0.", &self.ready, out);
        std::mem::take(out)
    }
}

/// Writes all series of one metric.
fn write<T: Series>(name: &str, help: &str, series: &T, out: &mut String) {
    let name = format!("{PREFIX}{name}");
    // Cannot fail: it writes to a string.
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {}", T::KIND);
    series.write(&name, "", out);
}

/// The verdict as in JSON responses.
#[must_use]
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Confident => "confident",
        Verdict::NotMangoLeaf => "not_mango_leaf",
        Verdict::Unsure => "unsure",
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
        let metrics = Metrics::default();
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
}
