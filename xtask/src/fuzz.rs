//! `cargo xtask fuzz`: fuzzes every parser of untrusted bytes, for a given time.

mod status;
mod target;

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result, bail, ensure};

use crate::setup::{self, CARGO_FUZZ};
use crate::steps::{self, Progress, Usual, output, root, target_folder};
use target::{Outcome, Target};

/// Fuzzes these targets, or all, for a time each, as many at once as there are processors.
///
/// # Errors
/// A target is unknown or cannot be built, or a failure was found.
pub(crate) fn run(seconds: u32, named: &[String]) -> Result<()> {
    let names = chosen(targets()?, named)?;
    setup::ensure(&[&CARGO_FUZZ])?;
    let home = target_folder()?.join("fuzz");
    let mut progress = Progress::new("fuzz", 2);
    progress.step("fuzz targets, build", Usual::minutes(20), || build(&home, named))?;
    let programs = home.join(host()?).join("release");
    let targets: VecDeque<Target> = names.iter().map(|name| Target::new(name, &home, &programs)).collect();
    let at_once = thread::available_parallelism().map_or(1, usize::from).min(targets.len());
    let total = names.len().div_ceil(at_once) as u64 * u64::from(seconds);
    let step = format!("{} targets, {at_once} at once, {seconds} s each", names.len());
    let mut outcomes = progress.step(&step, Usual::seconds(total), || fuzz(targets, at_once, seconds))?;
    ensure!(outcomes.len() == names.len(), "not every target was run to its end");
    outcomes.sort_by(|a, b| a.name.cmp(&b.name));
    conclude(&outcomes)
}

/// Fuzzes the targets, that many at once.
fn fuzz(targets: VecDeque<Target>, at_once: usize, seconds: u32) -> Result<Vec<Outcome>> {
    let waiting = Mutex::new(targets);
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let work = || std::iter::from_fn(|| next().map(|target| target.fuzz(seconds))).collect::<Vec<_>>();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..at_once).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    })
}

/// The names of all targets.
fn targets() -> Result<Vec<String>> {
    let folder = root().join("fuzz/fuzz_targets");
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

/// The named targets; all if none is named.
fn chosen(all: Vec<String>, named: &[String]) -> Result<Vec<String>> {
    if let Some(unknown) = named.iter().find(|name| !all.contains(name)) {
        bail!("there is no fuzz target {unknown}; there are {}", all.join(", "));
    }
    Ok(all.into_iter().filter(|name| named.is_empty() || named.contains(name)).collect())
}

/// Builds the targets with AddressSanitizer, which is an unstable feature of the pinned toolchain, with debug
/// assertions and overflow checks.
fn build(home: &Path, named: &[String]) -> Result<()> {
    let mut build = CARGO_FUZZ.start()?;
    // With one codegen unit per crate, the default, burn's largest crate takes half an hour.
    build.args(["fuzz", "build", "--features", "libfuzzer", "--codegen-units", "16", "--target-dir"]).arg(home);
    if let [name] = named {
        build.arg(name);
    }
    steps::run(build.current_dir(root()).env("RUSTC_BOOTSTRAP", "1"))
        .context("cannot build the fuzz targets, for which a C++ compiler is needed too")
}

/// The host target, which names the folder of cargo-fuzz's output.
fn host() -> Result<PathBuf> {
    Ok(output(Command::new("rustc").args(["--print", "host-tuple"]))?.trim().into())
}

/// Prints the table and the findings.
fn conclude(outcomes: &[Outcome]) -> Result<()> {
    println!(
        "{:12} {:>12} {:>9} {:>9} {:>8} {:>9} {:>8}  found",
        "target", "executions", "a second", "edges", "corpus", "slowest", "memory"
    );
    for Outcome { name, status, findings, .. } in outcomes {
        println!(
            "{name:12} {:>12} {:>9} {:>9} {:>8} {:>7} s {:>5} MB  {}",
            status.executions,
            status.a_second,
            status.edges,
            status.corpus,
            status.slowest,
            status.memory,
            findings.len()
        );
    }
    let mut found = String::new();
    for outcome in outcomes {
        for finding in &outcome.findings {
            let (input, repeat, name) = (finding.display(), outcome.repeat(finding), &outcome.name);
            found += &format!("\n  {input}\n    repeat: {repeat}");
            found += &format!("\n    keep: copy it to fuzz/corpora/{name}/ under a descriptive name");
        }
    }
    ensure!(found.is_empty(), "failing inputs were found:{found}");
    println!("no failing inputs were found");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_chosen_by_their_names() {
        let all = || ["bundle", "photo", "v2"].map(str::to_owned).to_vec();
        assert_eq!(chosen(all(), &[]).unwrap(), all());
        assert_eq!(chosen(all(), &["v2".to_owned(), "bundle".to_owned()]).unwrap(), ["bundle", "v2"]);
        assert!(chosen(all(), &["photos".to_owned()]).unwrap_err().to_string().contains("bundle, photo, v2"));
    }
}
