//! Checks that run one after the other, also after one that failed.

use std::error::Error;
use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::progress::{Expected, Progress, Usual};

/// Checks that do not depend on each other's success.
pub(crate) struct Checks {
    command: &'static str,
    checks: Vec<Check>,
}

struct Check {
    name: &'static str,
    usual: Usual,
    run: Box<dyn FnOnce() -> Result<()>>,
}

/// How a check went.
struct Outcome {
    name: &'static str,
    time: Duration,
    cause: Option<anyhow::Error>,
}

/// Checks failed. The message has their causes and the commands that repeat them.
#[derive(Debug)]
pub(crate) struct Failed(String);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Failed {}

impl Checks {
    /// No checks yet; `command` is xtask's command that runs them.
    pub(crate) fn new(command: &'static str) -> Self {
        Self { command, checks: Vec::new() }
    }

    /// Adds a check.
    pub(crate) fn add(&mut self, name: &'static str, usual: Usual, run: impl FnOnce() -> Result<()> + 'static) {
        self.checks.push(Check { name, usual, run: Box::new(run) });
    }

    /// Keeps the check of that name alone.
    ///
    /// # Errors
    /// There is no such check.
    pub(crate) fn keep(&mut self, name: &str) -> Result<()> {
        ensure!(
            self.checks.iter().any(|check| check.name == name),
            "no step is called {name:?}; `cargo xtask {} --list` lists them",
            self.command
        );
        self.checks.retain(|check| check.name == name);
        Ok(())
    }

    /// Prints the checks, and how long each took when it last passed here or usually takes.
    pub(crate) fn list(&self) {
        for Check { name, usual, .. } in &self.checks {
            println!("{:44} {:>20}", name, Expected::of(name, *usual).to_string());
        }
    }

    /// Runs the checks in order, also those after one that failed, so that one run shows every fault. Prints the table
    /// of times. `repeat` makes the command that repeats a check from its name.
    ///
    /// # Errors
    /// [`Failed`].
    pub(crate) fn run(self, repeat: impl Fn(&str) -> String) -> Result<()> {
        let count = self.checks.len();
        let mut progress = Progress::new(self.command, count);
        let mut outcomes = Vec::new();
        for Check { name, usual, run } in self.checks {
            eprintln!();
            let start = Instant::now();
            let cause = progress.step(name, usual, run).err();
            if let Some(error) = &cause {
                eprintln!("FAILED: {error:#}");
            }
            outcomes.push(Outcome { name, time: start.elapsed(), cause });
        }
        eprintln!();
        for Outcome { name, time, cause } in &outcomes {
            eprintln!("{name:44} {}  {}", seconds(*time), if cause.is_none() { "ok" } else { "FAILED" });
        }
        eprintln!("{:44} {}", "total", seconds(outcomes.iter().map(|outcome| outcome.time).sum()));
        let failed: Vec<String> = outcomes.iter().filter_map(|outcome| outcome.fault(&repeat)).collect();
        ensure!(failed.is_empty(), Failed(format!("{} of {count} steps failed{}", failed.len(), failed.concat())));
        Ok(())
    }
}

impl Outcome {
    /// The cause of a failure and the command that repeats the check.
    fn fault(&self, repeat: impl Fn(&str) -> String) -> Option<String> {
        let cause = self.cause.as_ref()?;
        Some(format!("\n{cause:#}\n  to repeat it: {}", repeat(self.name)))
    }
}

fn seconds(time: Duration) -> String {
    format!("{:>8.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use anyhow::bail;

    use super::*;

    fn checks(ran: &Rc<Cell<usize>>) -> Checks {
        let mut checks = Checks::new("test");
        let count = |ran: &Rc<Cell<usize>>| {
            let ran = Rc::clone(ran);
            move || ran.set(ran.get() + 1)
        };
        let (first, last) = (count(ran), count(ran));
        checks.add("format", Usual::SHORT, move || {
            first();
            bail!("a file is not formatted")
        });
        checks.add("docs", Usual::SHORT, move || {
            last();
            Ok(())
        });
        checks
    }

    #[test]
    fn a_failure_does_not_stop_the_checks_after_it() {
        let ran = Rc::default();
        let error = checks(&ran).run(|name| format!("cargo xtask test --only {name}")).unwrap_err();
        assert_eq!(ran.get(), 2);
        assert!(error.is::<Failed>());
        assert_eq!(
            error.to_string(),
            "1 of 2 steps failed\nformat: a file is not formatted\n  to repeat it: cargo xtask test --only format"
        );
    }

    #[test]
    fn one_check_is_chosen_by_its_name() {
        let ran = Rc::default();
        let mut one = checks(&ran);
        assert!(one.keep("doc").unwrap_err().to_string().contains("cargo xtask test --list"));
        one.keep("docs").unwrap();
        one.run(str::to_owned).unwrap();
        assert_eq!(ran.get(), 1);
    }
}
