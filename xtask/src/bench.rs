//! `cargo xtask bench`: how long networks take, beside other engines.

pub(crate) mod kernels;

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::setup;
use crate::steps::{self, cargo, root};
use crate::wasm::module;

/// Times everything once; the middle of the rounds is reported, and their range.
const ROUNDS: usize = 7;

/// Predictions of a process; the middle one is taken.
const PREDICTIONS: &str = "30";

/// The networks of the comparison, and the one that ships to phones.
const NETWORKS: [&str; 3] = ["lite0", "lite0-stage5", SHIPPED];
const SHIPPED: &str = "leaf-mini";

/// An engine that runs a network in a process of its own.
struct Engine {
    name: &'static str,
    /// The peer's own name for the network is ours; its script prints `median X ms`.
    script: Option<[&'static str; 2]>,
}

/// What is timed beside what.
const PAIRS: [[Engine; 2]; 2] = [
    [
        Engine { name: "native", script: None },
        Engine { name: "ONNX Runtime", script: Some(["venv/bin/python", "ort_native.py"]) },
    ],
    [
        Engine { name: "wasm in Node", script: None },
        Engine { name: "TensorFlow.js wasm", script: Some(["node", "tfjs_wasm.cjs"]) },
    ],
];

/// Builds, runs everything in turn, and prints milliseconds of processor time and ratios to the peers, which lie in a
/// folder with their scripts and what these need installed.
///
/// # Errors
/// Something cannot be built or run.
pub(crate) fn run(peers: Option<&Path>) -> Result<()> {
    setup::wasm_packages()?;
    let native = example()?;
    let wasm = module::for_benchmarks()?;
    let bundles = module::target_folder()?.join("bench-networks");
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
        let mut times: Vec<f64> = serde_json::from_str(&output(command.arg(PREDICTIONS))?)?;
        Ok::<_, anyhow::Error>(Spread::of(&mut times).middle)
    };
    println!("CPU milliseconds of the network alone, one thread; median of {ROUNDS} rounds, and their range");
    for network in NETWORKS {
        let mut times = [(); PAIRS.len()].map(|()| [Vec::new(), Vec::new()]);
        for _ in 0..ROUNDS {
            // In turn: what disturbs one disturbs the other.
            for (pair, [_, peer]) in PAIRS.iter().enumerate() {
                times[pair][0].push(ours(pair, network)?);
                if let (Some(folder), Some(script)) = (peers, peer.script.filter(|_| network != SHIPPED)) {
                    times[pair][1].push(theirs(folder, script, network)?);
                }
            }
        }
        for ([own, peer], [mut ours, mut theirs]) in PAIRS.iter().zip(times) {
            let mut ratios: Vec<f64> = ours.iter().zip(&theirs).map(|(ours, theirs)| ours / theirs).collect();
            println!("{network:14} {:20} {}", own.name, Spread::of(&mut ours));
            if !theirs.is_empty() {
                println!("{network:14} {:20} {}", peer.name, Spread::of(&mut theirs));
                println!("{network:14} {:20} {}", "ratio", Spread::of(&mut ratios));
            }
        }
    }
    if peers.is_none() {
        println!("no peers: give their folder with --peers");
    }
    Ok(())
}

/// The program that times networks natively.
fn example() -> Result<PathBuf> {
    steps::run(&mut cargo(&["build", "--release", "--package", "mango-inference", "--example", "time_network"]))?;
    Ok(module::target_folder()?.join(format!("release/examples/time_network{}", env::consts::EXE_SUFFIX)))
}

fn theirs(folder: &Path, [program, script]: [&str; 2], network: &str) -> Result<f64> {
    // A program of the folder's own, or one from the search path.
    let own = folder.join(program);
    let program = if own.is_file() { own.as_path() } else { Path::new(program) };
    let text = output(Command::new(program).args([script, network]).current_dir(folder))?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let median = words.windows(2).find(|pair| pair[0] == "median").map(|pair| pair[1]);
    median.with_context(|| format!("{script} printed no median: {text}"))?.parse().context("a median is a number")
}

fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(output.status.success(), "{command:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

/// The middle of some numbers, and their range.
struct Spread {
    least: f64,
    middle: f64,
    most: f64,
}

impl Spread {
    fn of(values: &mut [f64]) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |place: usize| values.get(place).copied().unwrap_or(f64::NAN);
        Self { least: at(0), middle: at(values.len() / 2), most: at(values.len().saturating_sub(1)) }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:8.2} ({:.2} to {:.2})", self.middle, self.least, self.most)
    }
}
