//! A fuzz target and its runs.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::status::Status;
use crate::steps::root;

/// Timeout of an input, seconds. The slowest of the corpora takes a tenth of a second.
const TIMEOUT: u32 = 20;
/// Memory limit of a target, the sanitizer's memory included, MB.
const MEMORY: u32 = 2048;
const ALLOCATION: u32 = 256;
/// Memory of idle threads looks like a leak. A real leak reaches the memory limit.
const SANITIZER: &str = "detect_leaks=0:detect_odr_violation=0";
/// Time between two progress lines.
const PERIOD: Duration = Duration::from_secs(30);
/// Prefixes of libFuzzer's files with failing inputs.
const FAILURES: [&str; 4] = ["crash-", "leak-", "oom-", "timeout-"];

/// A target and its folders. Findings are not copied into the repository automatically.
#[derive(Debug)]
pub(super) struct Target {
    name: String,
    program: PathBuf,
    /// Inputs with new coverage, of this run and earlier ones.
    corpus: PathBuf,
    findings: PathBuf,
    log: PathBuf,
}

/// The result of a run.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) name: String,
    program: PathBuf,
    pub(super) status: Status,
    /// Failing inputs.
    pub(super) findings: Vec<PathBuf>,
}

fn limits() -> [String; 3] {
    [format!("-timeout={TIMEOUT}"), format!("-rss_limit_mb={MEMORY}"), format!("-malloc_limit_mb={ALLOCATION}")]
}

impl Outcome {
    /// The command that repeats an input.
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

    /// Runs the corpora, and then mutations of them for a time, or until a failure.
    ///
    /// # Errors
    /// The target does not run.
    pub(super) fn fuzz(self, seconds: u32) -> Result<Outcome> {
        for folder in [&self.corpus, &self.findings] {
            fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        let before = self.failures()?;
        let mut process = self.command(seconds).spawn().with_context(|| format!("cannot start {}", self.name))?;
        let output = process.stderr.take().context("a target has no output")?;
        let status = self.watch(BufReader::new(output))?;
        let end = process.wait().with_context(|| format!("cannot wait for {}", self.name))?;
        let findings: Vec<PathBuf> = self.failures()?.difference(&before).cloned().collect();
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
        // Other targets use the other processors.
        command.env("RAYON_NUM_THREADS", "1").env("RUST_BACKTRACE", "1");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }

    /// Writes the log, and prints progress from time to time.
    fn watch(&self, mut output: impl BufRead) -> Result<Status> {
        let mut log = File::create(&self.log).with_context(|| format!("cannot write {}", self.log.display()))?;
        let (mut status, mut line, mut last_report) = (Status::default(), Vec::new(), Instant::now());
        while output.read_until(b'\n', &mut line).with_context(|| format!("cannot read from {}", self.name))? > 0 {
            log.write_all(&line).with_context(|| format!("cannot write {}", self.log.display()))?;
            if status.read(&String::from_utf8_lossy(&line)) && last_report.elapsed() >= PERIOD {
                let Status { executions, a_second, edges, corpus, .. } = status;
                eprintln!(
                    "{:12} {executions} executions, {a_second} a second, {edges} edges, {corpus} inputs",
                    self.name
                );
                last_report = Instant::now();
            }
            line.clear();
        }
        Ok(status)
    }

    /// Failing inputs of this run and earlier ones.
    fn failures(&self) -> Result<BTreeSet<PathBuf>> {
        let mut paths = BTreeSet::new();
        for entry in fs::read_dir(&self.findings).with_context(|| format!("cannot read {}", self.findings.display()))? {
            let entry = entry?;
            if FAILURES.iter().any(|kind| entry.file_name().to_string_lossy().starts_with(kind)) {
                paths.insert(entry.path());
            }
        }
        Ok(paths)
    }
}
