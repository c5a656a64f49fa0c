//! One fuzz target, and a run of it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::status::Status;
use crate::steps::root;

/// Seconds after which an input counts as one that hangs. The slowest of the corpora takes a tenth of one.
const TIMEOUT: u32 = 20;
/// MB of memory, the sanitizer's included, that a target may take in all and at once. None of the limits on its input
/// allows a fifth of the latter.
const MEMORY: u32 = 2048;
const ALLOCATION: u32 = 256;
/// Threads that wait for work hold memory, which looks like a leak; a true one reaches the limit.
const SANITIZER: &str = "detect_leaks=0:detect_odr_violation=0";
/// Time between two lines about progress.
const PERIOD: Duration = Duration::from_secs(30);
/// What libFuzzer calls inputs that do harm.
const HARMFUL: [&str; 4] = ["crash-", "leak-", "oom-", "timeout-"];

/// A target, and where everything of it lies: nothing that a run finds is put into the tree by itself.
#[derive(Debug)]
pub(super) struct Target {
    name: String,
    program: PathBuf,
    /// Inputs of this run and earlier ones that do something new.
    corpus: PathBuf,
    findings: PathBuf,
    log: PathBuf,
}

/// What came of a run.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) name: String,
    program: PathBuf,
    pub(super) status: Status,
    /// Inputs that did harm.
    pub(super) findings: Vec<PathBuf>,
}

fn limits() -> [String; 3] {
    [format!("-timeout={TIMEOUT}"), format!("-rss_limit_mb={MEMORY}"), format!("-malloc_limit_mb={ALLOCATION}")]
}

impl Outcome {
    /// What to type to try an input again.
    pub(super) fn repeat(&self, input: &Path) -> String {
        let (program, limits, input) = (self.program.display(), limits().join(" "), input.display());
        format!("ASAN_OPTIONS={SANITIZER} {program} {limits} {input}")
    }
}

impl Target {
    pub(super) fn new(name: &str, home: &Path, programs: &Path) -> Self {
        Self {
            name: name.to_owned(),
            program: programs.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)),
            corpus: home.join("corpora").join(name),
            findings: home.join("findings").join(name),
            log: home.join(format!("{name}.log")),
        }
    }

    /// Tries the corpora, and then what it makes of them for so long, or until something is found.
    ///
    /// # Errors
    /// The target does not run.
    pub(super) fn fuzz(self, seconds: u32) -> Result<Outcome> {
        for folder in [&self.corpus, &self.findings] {
            fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        let before = self.harmful()?;
        let mut process = self.command(seconds).spawn().with_context(|| format!("cannot start {}", self.name))?;
        let output = process.stderr.take().context("a target has no output")?;
        let status = self.watch(BufReader::new(output))?;
        let end = process.wait().with_context(|| format!("cannot wait for {}", self.name))?;
        let findings: Vec<PathBuf> = self.harmful()?.difference(&before).cloned().collect();
        if !end.success() && findings.is_empty() {
            bail!("the target {} ended with {end} and left no input; see {}", self.name, self.log.display());
        }
        let Self { name, program, .. } = self;
        Ok(Outcome { name, program, status, findings })
    }

    fn command(&self, seconds: u32) -> Command {
        let fuzz = root().join("fuzz");
        let mut command = Command::new(&self.program);
        command.arg(&self.corpus).arg(fuzz.join("corpora").join(&self.name));
        command.arg(format!("-artifact_prefix={}/", self.findings.display()));
        let dictionary = fuzz.join("dictionaries").join(format!("{}.dict", self.name));
        if dictionary.is_file() {
            command.arg(format!("-dict={}", dictionary.display()));
        }
        command.arg(format!("-max_total_time={seconds}")).arg("-print_final_stats=1").args(limits());
        command.env("ASAN_OPTIONS", SANITIZER);
        // Other targets have the other processors.
        command.env("RAYON_NUM_THREADS", "1").env("RUST_BACKTRACE", "1");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }

    /// Keeps the log, and says from time to time how far the target has come.
    fn watch(&self, mut output: impl BufRead) -> Result<Status> {
        let mut log = File::create(&self.log).with_context(|| format!("cannot write {}", self.log.display()))?;
        let (mut status, mut line, mut said) = (Status::default(), Vec::new(), Instant::now());
        while output.read_until(b'\n', &mut line).with_context(|| format!("cannot read from {}", self.name))? > 0 {
            log.write_all(&line).with_context(|| format!("cannot write {}", self.log.display()))?;
            if status.read(&String::from_utf8_lossy(&line)) && said.elapsed() >= PERIOD {
                let Status { executions, a_second, edges, corpus, .. } = status;
                eprintln!(
                    "{:12} {executions} executions, {a_second} a second, {edges} edges, {corpus} inputs",
                    self.name
                );
                said = Instant::now();
            }
            line.clear();
        }
        Ok(status)
    }

    /// Inputs of this run and earlier ones that did harm.
    fn harmful(&self) -> Result<BTreeSet<PathBuf>> {
        let mut paths = BTreeSet::new();
        for entry in fs::read_dir(&self.findings).with_context(|| format!("cannot read {}", self.findings.display()))? {
            let entry = entry?;
            if HARMFUL.iter().any(|kind| entry.file_name().to_string_lossy().starts_with(kind)) {
                paths.insert(entry.path());
            }
        }
        Ok(paths)
    }
}
