//! What a load came to.

use std::fs;

use anyhow::{Context, Result, ensure};

/// Ticks a second of the times that Linux tells of processes; the same on every machine.
const TICKS: f64 = 100.0;

/// What ApacheBench measured.
#[derive(Debug)]
pub(super) struct Figures {
    pub(super) answered: f64,
    pub(super) a_second: f64,
    /// Milliseconds that half of the answers took at most.
    pub(super) p50: u32,
    /// Milliseconds that 99 of 100 took at most.
    pub(super) p99: u32,
}

impl Figures {
    /// Reads what it printed.
    ///
    /// # Errors
    /// A request failed, had another answer than the others, or a figure is not there.
    pub(super) fn read(said: &str) -> Result<Self> {
        let after = |name: &str| {
            let rest = said.lines().find_map(|line| line.trim_start().strip_prefix(name));
            rest.and_then(|rest| rest.split_whitespace().next()).with_context(|| format!("no line {name}"))
        };
        ensure!(after("Failed requests:")? == "0", "requests failed");
        ensure!(after("Non-2xx responses:").is_err(), "not every answer is one of success");
        Ok(Self {
            answered: after("Complete requests:")?.parse()?,
            a_second: after("Requests per second:")?.parse()?,
            p50: after("50%")?.parse()?,
            p99: after("99%")?.parse()?,
        })
    }
}

/// What processes took of the processors so far, as Linux tells it.
///
/// # Errors
/// This is no Linux, or one of them is gone.
pub(super) fn cpu_seconds(processes: &[u32]) -> Result<f64> {
    let mut ticks = 0;
    for process in processes {
        let stat = fs::read_to_string(format!("/proc/{process}/stat"))
            .context("cannot read what a process took of the processors, which works on Linux")?;
        // The name before them is in brackets; user and system time are the 12th and 13th field behind it.
        let (_, fields) = stat.rsplit_once(')').context("an odd line about a process")?;
        for field in fields.split_whitespace().skip(11).take(2) {
            ticks += field.parse::<u64>()?;
        }
    }
    Ok(ticks as f64 / TICKS)
}
