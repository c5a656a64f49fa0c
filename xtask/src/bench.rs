//! `cargo xtask bench`: times the networks, and other engines for comparison.

pub(crate) mod kernels;
pub(crate) mod photo;
mod spread;
pub(crate) mod wasm;

pub(crate) use spread::Spread;

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::setup::{self, WASM_PACKAGES};
use crate::steps::{self, Progress, Usual, compile, output, root, target_folder};
use crate::wasm::for_benchmarks;

/// Rounds. Each times everything once; the median and the range are reported.
const ROUNDS: usize = 7;

/// Predictions of a process, of which the median is taken.
const PREDICTIONS: &str = "30";

/// The networks of the comparison, and the one that ships to phones.
const NETWORKS: [&str; 3] = ["lite0", "lite0-stage5", SHIPPED];
const SHIPPED: &str = "leaf-mini";

/// An environment and its baseline. The baseline uses our names of the networks, and its script prints `median X ms`.
struct Pair {
    own: &'static str,
    baseline: &'static str,
    script: [&'static str; 2],
}

/// The command that runs TensorFlow.js.
const TENSORFLOW: [&str; 2] = ["node", "tfjs_wasm.cjs"];

const PAIRS: [Pair; 2] = [
    Pair { own: "native", baseline: "ONNX Runtime", script: ["venv/bin/python", "ort_native.py"] },
    Pair { own: "wasm in Node", baseline: "TensorFlow.js wasm", script: TENSORFLOW },
];

/// Builds, runs everything in turn, and prints milliseconds of processor time and ratios to the baselines. `baselines`
/// is a folder with the baselines' scripts and dependencies.
///
/// # Errors
/// Something cannot be built or run.
pub(crate) fn run(baselines: Option<&Path>) -> Result<()> {
    let scripts = PAIRS.each_ref().map(|pair| pair.script[1]);
    let baselines = baselines.map(|baselines| folder(baselines, &scripts)).transpose()?;
    setup::ensure(&WASM_PACKAGES)?;
    let mut progress = Progress::new("bench", 2 + NETWORKS.len());
    let native = progress.step("timing of networks, release build", Usual::minutes(10), || example("time_network"))?;
    let wasm = progress.step("timing of networks, wasm", Usual::minutes(8), for_benchmarks)?;
    let bundles = target_folder()?.join("bench-networks");
    steps::run(Command::new(&native).arg("write").arg(&bundles))?;
    let ours = |pair: usize, network: &str| {
        let bundle = if network == SHIPPED { root().join("models").join(SHIPPED) } else { bundles.join(network) };
        let mut command = if pair == 0 {
            let mut command = Command::new(&native);
            command.arg("time").arg(bundle);
            command
        } else {
            let mut command = Command::new("node");
            command.arg(root().join("wasm/bench/network.cjs")).args([&wasm, &bundle, &bundles.join("picture.png")]);
            command
        };
        let times: Vec<f64> = serde_json::from_str(&output(command.arg(PREDICTIONS))?)?;
        Ok::<_, anyhow::Error>(Spread::of(times).middle)
    };
    println!("CPU milliseconds of the network alone, one thread; median of {ROUNDS} rounds, and their range");
    match &baselines {
        Some(_) => println!("ratio: ours to the baseline's, below 1 if ours is faster"),
        None => println!("to compare with other engines: --peers FOLDER"),
    }
    for network in NETWORKS {
        let times = progress.step(&format!("time {network}"), Usual::seconds(20), || {
            let mut times = [(); PAIRS.len()].map(|()| [Vec::new(), Vec::new()]);
            for _ in 0..ROUNDS {
                // In turn, so that a disturbance affects both.
                for (index, pair) in PAIRS.iter().enumerate() {
                    times[index][0].push(ours(index, network)?);
                    if let Some(folder) = baselines.as_ref().filter(|_| network != SHIPPED) {
                        times[index][1].push(theirs(folder, pair.script, network)?);
                    }
                }
            }
            Ok(times)
        })?;
        for (Pair { own, baseline, .. }, [ours, theirs]) in PAIRS.iter().zip(times) {
            let ratios: Vec<f64> = ours.iter().zip(&theirs).map(|(ours, theirs)| ours / theirs).collect();
            println!("{network:14} {own:20} {}", Spread::of(ours));
            if !theirs.is_empty() {
                println!("{network:14} {baseline:20} {}", Spread::of(theirs));
                println!("{network:14} {:20} {}", "ratio", Spread::of(ratios));
            }
        }
    }
    Ok(())
}

/// The absolute path of a folder with these scripts of baselines. Their programs are started in it.
fn folder(baselines: &Path, scripts: &[&str]) -> Result<PathBuf> {
    for script in scripts {
        ensure!(
            baselines.join(script).is_file(),
            "there are no baselines in {}: it has no {script}",
            baselines.display()
        );
    }
    baselines.canonicalize().with_context(|| format!("cannot find {}", baselines.display()))
}

/// Builds an example of the model crate for release, and returns its path.
fn example(name: &str) -> Result<PathBuf> {
    steps::run(&mut compile("build", &["--release", "--package", "mango-inference", "--example", name]))?;
    Ok(target_folder()?.join("release/examples").join(format!("{name}{}", env::consts::EXE_SUFFIX)))
}

/// The baseline's program: the one in its folder, or else one from the search path.
fn baseline_program(folder: &Path, program: &str, otherwise: &str) -> PathBuf {
    let own = folder.join(program);
    if own.is_file() { own } else { otherwise.into() }
}

fn theirs(folder: &Path, [program, script]: [&str; 2], network: &str) -> Result<f64> {
    let text =
        output(Command::new(baseline_program(folder, program, program)).args([script, network]).current_dir(folder))
            .with_context(|| format!("cannot time {script} in {}", folder.display()))?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let median = words.windows(2).find(|pair| pair[0] == "median").map(|pair| pair[1]);
    median.with_context(|| format!("{script} printed no median: {text}"))?.parse().context("a median is a number")
}
