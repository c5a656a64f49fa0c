//! A running program: its signals, its end, and what it uses.

use std::fs;
use std::process::{Child, Command, ExitStatus};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

/// Most lines of a log in an error.
const LINES: usize = 20;
/// Ticks a second of the processor times in `/proc`; the same on every machine.
const TICKS: f64 = 100.0;
/// Polling interval while a process ends.
const POLL: Duration = Duration::from_millis(20);

/// A running program. Dropping it ends the process.
#[derive(Debug)]
pub struct Running(Child);

/// A program's memory, bytes.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// Current memory.
    pub now: u64,
    /// Peak memory.
    pub peak: u64,
}

impl From<Child> for Running {
    fn from(child: Child) -> Self {
        Self(child)
    }
}

impl Running {
    /// The id of the process.
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// Sends signals by their names, such as `TERM`, one right after the other.
    ///
    /// # Errors
    /// The process has ended, or this is not Unix.
    pub fn signal(&self, names: &[&str]) -> Result<()> {
        let kills: Vec<String> = names.iter().map(|name| format!("kill -{name} {}", self.id())).collect();
        let status = Command::new("sh").args(["-c", &kills.join(" && ")]).status().context("cannot start sh")?;
        ensure!(status.success(), "cannot send a signal: kill ended with {status}");
        Ok(())
    }

    /// How the process ended; `None` while it runs.
    ///
    /// # Errors
    /// The system cannot report its status.
    pub fn try_wait(&mut self) -> Result<Option<ExitStatus>> {
        self.0.try_wait().context("cannot wait for a process")
    }

    /// Waits for the process to end.
    ///
    /// # Errors
    /// It still runs after that time.
    pub fn wait(&mut self, limit: Duration) -> Result<ExitStatus> {
        let deadline = Instant::now() + limit;
        loop {
            if let Some(status) = self.try_wait()? {
                return Ok(status);
            }
            ensure!(Instant::now() < deadline, "still running after {limit:?}");
            sleep(POLL);
        }
    }

    /// Its memory, on Linux.
    ///
    /// # Errors
    /// This is not Linux, or the process has ended.
    pub fn memory(&self) -> Result<Memory> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id()))
            .context("cannot read the memory of a process, which works on Linux while it runs")?;
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kib| kib << 10)
        };
        let (now, peak) = (of("VmRSS:"), of("VmHWM:"));
        Ok(Memory { now: now.context("no VmRSS")?, peak: peak.context("no VmHWM")? })
    }

    /// The processor time so far, on Linux.
    ///
    /// # Errors
    /// This is not Linux, or the process has ended.
    pub fn cpu_seconds(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.id()))
            .context("cannot read the processor time of a process, which works on Linux")?;
        // The name may contain spaces and ends with the last parenthesis; user and system time are the 12th and 13th
        // field after it (proc_pid_stat(5)).
        let (_, fields) = stat.rsplit_once(')').context("/proc has an unexpected line for a process")?;
        let mut ticks = 0;
        for field in fields.split_whitespace().skip(11).take(2) {
            ticks += field.parse::<u64>()?;
        }
        Ok(ticks as f64 / TICKS)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Whether this runs as root, by the owner of the process.
pub fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// The last lines of a log.
pub fn end_of(log: &str) -> String {
    let lines: Vec<&str> = log.trim_end().lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_of_a_log_is_kept() {
        let log: String = (0..100).map(|line| format!("line {line}\n")).collect();
        assert!(end_of(&log).starts_with("line 80\n") && end_of(&log).ends_with("line 99"));
        assert_eq!(end_of("one\n"), "one");
    }
}
