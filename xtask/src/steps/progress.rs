//! Announces the steps of a command.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::times;

/// A rough estimate of how long a step takes the first time, on two processors. It is printed until the step's own time
/// on this machine is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Usual(Duration);

impl Usual {
    /// Less than ten seconds, which needs no mention.
    pub(crate) const SHORT: Self = Self(Duration::ZERO);

    pub(crate) const fn seconds(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }

    pub(crate) const fn minutes(minutes: u64) -> Self {
        Self::seconds(60 * minutes)
    }
}

/// The steps of a command. Before each step a line says its place among them and how long it takes.
#[derive(Debug)]
pub(crate) struct Progress {
    command: &'static str,
    count: usize,
    begun: usize,
}

impl Progress {
    /// A command with that many steps.
    pub(crate) fn new(command: &'static str, count: usize) -> Self {
        Self { command, count, begun: 0 }
    }

    /// Announces a step, runs it, and keeps its time if it passes.
    ///
    /// # Errors
    /// The step's error, after the step's name.
    pub(crate) fn step<T>(&mut self, name: &str, usual: Usual, run: impl FnOnce() -> Result<T>) -> Result<T> {
        self.begun += 1;
        eprintln!("{}", Heading { progress: self, name, expected: Expected::of(name, usual) });
        let start = Instant::now();
        let result = run().with_context(|| name.to_owned())?;
        times::keep(name, start.elapsed());
        Ok(result)
    }
}

/// The line before a step.
struct Heading<'a> {
    progress: &'a Progress,
    name: &'a str,
    expected: Expected,
}

impl fmt::Display for Heading<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Progress { command, count, begun } = self.progress;
        write!(f, "== {command}, {begun} of {count}: {}", self.name)?;
        match self.expected.to_string().as_str() {
            "" => Ok(()),
            expected => write!(f, " ({expected})"),
        }
    }
}

/// How long a step is expected to take.
#[derive(Clone, Copy, Debug)]
pub(super) enum Expected {
    /// Its time when it last passed here.
    Last(Duration),
    Usual(Usual),
}

impl Expected {
    pub(super) fn of(step: &str, usual: Usual) -> Self {
        times::last(step).map_or(Self::Usual(usual), Self::Last)
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Last(time) => write!(f, "{} last time", times::words(*time)),
            Self::Usual(Usual(time)) if time.is_zero() => Ok(()),
            Self::Usual(Usual(time)) if time.as_secs() % 60 == 0 => write!(f, "about {} min", time.as_secs() / 60),
            Self::Usual(Usual(time)) => write!(f, "about {} s", time.as_secs()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_says_which_step_and_how_long_it_takes() {
        let progress = Progress { command: "preview", count: 4, begun: 2 };
        let heading = |expected| Heading { progress: &progress, name: "relay", expected }.to_string();
        assert_eq!(heading(Expected::Usual(Usual::minutes(19))), "== preview, 2 of 4: relay (about 19 min)");
        assert_eq!(heading(Expected::Usual(Usual::seconds(25))), "== preview, 2 of 4: relay (about 25 s)");
        assert_eq!(heading(Expected::Usual(Usual::SHORT)), "== preview, 2 of 4: relay");
        let last = Expected::Last(Duration::from_secs(75));
        assert_eq!(heading(last), "== preview, 2 of 4: relay (1 min 15 s last time)");
    }

    #[test]
    fn an_error_names_its_step() {
        let mut progress = Progress::new("wasm", 2);
        assert_eq!(progress.step("compile", Usual::SHORT, || Ok(7)).unwrap(), 7);
        let error = progress.step("bundle", Usual::SHORT, || anyhow::bail!("no entry") as Result<()>).unwrap_err();
        assert_eq!(format!("{error:#}"), "bundle: no entry");
    }
}
