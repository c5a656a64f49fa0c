//! Results of a load test.

use anyhow::{Context, Result, ensure};

/// Results of ApacheBench.
#[derive(Debug)]
pub(super) struct Figures {
    pub(super) answered: f64,
    pub(super) a_second: f64,
    /// Median latency, milliseconds.
    pub(super) p50: u32,
    /// 99th percentile of the latency, milliseconds.
    pub(super) p99: u32,
}

impl Figures {
    /// Parses its output.
    ///
    /// # Errors
    /// A request failed, a response differed from the others, or a figure is missing.
    pub(super) fn read(report: &str) -> Result<Self> {
        let after = |name: &str| {
            let rest = report.lines().find_map(|line| line.trim_start().strip_prefix(name));
            rest.and_then(|rest| rest.split_whitespace().next()).with_context(|| format!("no line {name}"))
        };
        ensure!(after("Failed requests:")? == "0", "requests failed");
        ensure!(after("Non-2xx responses:").is_err(), "not every response is a success");
        Ok(Self {
            answered: after("Complete requests:")?.parse()?,
            a_second: after("Requests per second:")?.parse()?,
            p50: after("50%")?.parse()?,
            p99: after("99%")?.parse()?,
        })
    }
}
