//! Runs commands one after the other, and prints the time of each.

mod times;

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use times::Times;

/// Commands that run one after the other.
#[derive(Default)]
pub(crate) struct Steps {
    steps: Vec<Step>,
}

struct Step {
    name: &'static str,
    run: Box<dyn FnOnce() -> Result<()>>,
}

/// How a step went.
struct Outcome {
    name: &'static str,
    time: Duration,
    cause: Option<anyhow::Error>,
}

impl Steps {
    /// Adds a step.
    pub(crate) fn step(&mut self, name: &'static str, run: impl FnOnce() -> Result<()> + 'static) {
        self.steps.push(Step { name, run: Box::new(run) });
    }

    /// Adds a cargo command as a step.
    pub(crate) fn cargo(&mut self, name: &'static str, args: &'static [&'static str]) {
        self.step(name, || run(&mut cargo(args)));
    }

    /// Keeps the step of that name alone.
    ///
    /// # Errors
    /// There is no such step.
    pub(crate) fn keep(&mut self, name: &str) -> Result<()> {
        ensure!(
            self.steps.iter().any(|step| step.name == name),
            "no step is called {name:?}; `cargo xtask test --list` lists them"
        );
        self.steps.retain(|step| step.name == name);
        Ok(())
    }

    /// Prints the steps, and how long each took when it last passed here.
    pub(crate) fn list(&self) {
        let times = Times::read();
        for step in &self.steps {
            println!("{:44} {}", step.name, times.last(step.name).map_or(String::new(), seconds));
        }
    }

    /// Runs the steps in order, also those after one that failed, so that one run shows every fault. Prints the table of
    /// times. `repeat` is the command that runs one step, before its name.
    ///
    /// # Errors
    /// Names the steps that failed, their causes, and the command that repeats each.
    pub(crate) fn run(self, repeat: Option<&str>) -> Result<()> {
        let (count, mut times) = (self.steps.len(), Times::read());
        let mut outcomes = Vec::new();
        for (index, Step { name, run }) in self.steps.into_iter().enumerate() {
            let last = times.last(name).map_or(String::new(), |time| format!(" (last time {})", seconds(time).trim()));
            eprintln!("\n== {} of {count}: {name}{last}", index + 1);
            let start = Instant::now();
            let cause = run().err();
            let time = start.elapsed();
            match &cause {
                Some(error) => eprintln!("{name} failed: {error:#}"),
                None => times.write(name, time),
            }
            outcomes.push(Outcome { name, time, cause });
        }
        eprintln!();
        for Outcome { name, time, cause } in &outcomes {
            eprintln!("{name:44} {}  {}", seconds(*time), if cause.is_none() { "ok" } else { "FAILED" });
        }
        eprintln!("{:44} {}", "total", seconds(outcomes.iter().map(|outcome| outcome.time).sum()));
        let failed: Vec<String> = outcomes.iter().filter_map(|outcome| outcome.words(repeat)).collect();
        if !failed.is_empty() {
            bail!("{} of {count} steps failed{}", failed.len(), failed.concat());
        }
        Ok(())
    }
}

impl Outcome {
    /// What to print of a step that failed.
    fn words(&self, repeat: Option<&str>) -> Option<String> {
        let cause = self.cause.as_ref()?;
        let repeat = repeat.map_or(String::new(), |repeat| format!("\n  repeat it: {repeat} '{}'", self.name));
        Some(format!("\n{}: {cause:#}{repeat}", self.name))
    }
}

fn seconds(time: Duration) -> String {
    format!("{:>8.1} s", time.as_secs_f64())
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
