//! Results of a load test.

use std::fs;

use anyhow::{Context, Result, ensure};

/// Ticks a second of the processor times in `/proc`; the same on every machine.
const TICKS: f64 = 100.0;

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

/// The processor time of processes so far, on Linux.
///
/// # Errors
/// This is not Linux, or one of them has ended.
pub(super) fn cpu_seconds(processes: &[u32]) -> Result<f64> {
    let mut ticks = 0;
    for process in processes {
        let stat = fs::read_to_string(format!("/proc/{process}/stat"))
            .context("cannot read the processor time of a process, which works on Linux")?;
        // The name before them is in parentheses; user and system time are the 12th and 13th field after it.
        let (_, fields) = stat.rsplit_once(')').context("/proc has an unexpected line for a process")?;
        for field in fields.split_whitespace().skip(11).take(2) {
            ticks += field.parse::<u64>()?;
        }
    }
    Ok(ticks as f64 / TICKS)
}
