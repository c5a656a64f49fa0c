//! Runs commands one after the other, and prints the time of each.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// The steps and their times.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    done: Vec<(String, Duration, bool)>,
}

impl Steps {
    /// Runs a step. A failure is recorded for [`Steps::finish`], so that one run shows all failures.
    pub(crate) fn step(&mut self, name: &str, run: impl FnOnce() -> Result<()>) {
        eprintln!("\n== {name}");
        let start = Instant::now();
        let result = run();
        if let Err(error) = &result {
            eprintln!("{name} failed: {error:#}");
        }
        self.done.push((name.to_owned(), start.elapsed(), result.is_ok()));
    }

    /// Runs a cargo command as a step.
    pub(crate) fn cargo(&mut self, name: &str, args: &[&str]) {
        self.step(name, || run(&mut cargo(args)));
    }

    /// Prints the table of times.
    ///
    /// # Errors
    /// Names the steps that failed.
    pub(crate) fn finish(self) -> Result<()> {
        let mut table = String::new();
        let mut total = Duration::ZERO;
        for (name, time, passed) in &self.done {
            let mark = if *passed { "ok" } else { "FAILED" };
            writeln!(table, "{name:32} {:>8.1} s  {mark}", time.as_secs_f64())?;
            total += *time;
        }
        eprintln!("\n{table}{:32} {:>8.1} s", "total", total.as_secs_f64());
        let failed: Vec<&str> =
            self.done.iter().filter(|(_, _, passed)| !passed).map(|(name, ..)| name.as_str()).collect();
        if !failed.is_empty() {
            bail!("failed: {}", failed.join(", "));
        }
        Ok(())
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    // Read at run time: a kept target folder may contain a binary compiled for another checkout.
    let package = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let mut root = PathBuf::from(package);
    root.pop();
    root
}

/// A cargo command at the root of the repository.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args).current_dir(root());
    command
}

/// Runs a command and returns its output.
///
/// # Errors
/// It does not start, or it fails; the error then contains standard error.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("cannot start {name}"))?;
    if !output.status.success() {
        bail!("{name} ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).with_context(|| format!("{name} printed no text"))
}

/// Runs a command.
///
/// # Errors
/// It does not start, or it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("cannot start {name}"))?;
    if !status.success() {
        bail!("{name} ended with {status}");
    }
    Ok(())
}
