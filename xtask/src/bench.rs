//! `cargo xtask bench`: how long networks take, beside other engines.

pub(crate) mod kernels;
pub(crate) mod photo;
pub(crate) mod spread;

pub(crate) use spread::Spread;

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::setup;
use crate::steps::{self, cargo, output, root};
use crate::wasm::module;

/// Times everything once; the middle of the rounds is reported, and their range.
const ROUNDS: usize = 7;

/// Predictions of a process; the middle one is taken.
const PREDICTIONS: &str = "30";

/// The networks of the comparison, and the one that ships to phones.
const NETWORKS: [&str; 3] = ["lite0", "lite0-stage5", SHIPPED];
const SHIPPED: &str = "leaf-mini";

/// Where the network runs, and its peer there. The peer has our names for the networks, and its script prints
/// `median X ms`.
struct Pair {
    own: &'static str,
    peer: &'static str,
    script: [&'static str; 2],
}

/// What runs TensorFlow.js.
pub(crate) const TENSORFLOW: [&str; 2] = ["node", "tfjs_wasm.cjs"];

const PAIRS: [Pair; 2] = [
    Pair { own: "native", peer: "ONNX Runtime", script: ["venv/bin/python", "ort_native.py"] },
    Pair { own: "wasm in Node", peer: "TensorFlow.js wasm", script: TENSORFLOW },
];

/// Builds, runs everything in turn, and prints milliseconds of processor time and ratios to the peers, which lie in a
/// folder with their scripts and what these need installed.
///
/// # Errors
/// Something cannot be built or run.
pub(crate) fn run(peers: Option<&Path>) -> Result<()> {
    let scripts = PAIRS.each_ref().map(|pair| pair.script[1]);
    let peers = peers.map(|peers| folder(peers, &scripts)).transpose()?;
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
        let times: Vec<f64> = serde_json::from_str(&output(command.arg(PREDICTIONS))?)?;
        Ok::<_, anyhow::Error>(Spread::of(times).middle)
    };
    println!("CPU milliseconds of the network alone, one thread; median of {ROUNDS} rounds, and their range");
    match &peers {
        Some(_) => println!("ratio: ours to the peer's, below 1 where ours is faster"),
        None => println!("beside other engines: --peers FOLDER"),
    }
    for network in NETWORKS {
        let mut times = [(); PAIRS.len()].map(|()| [Vec::new(), Vec::new()]);
        for _ in 0..ROUNDS {
            // In turn: what disturbs one disturbs the other.
            for (index, pair) in PAIRS.iter().enumerate() {
                times[index][0].push(ours(index, network)?);
                if let Some(folder) = peers.as_ref().filter(|_| network != SHIPPED) {
                    times[index][1].push(theirs(folder, pair.script, network)?);
                }
            }
        }
        for (Pair { own, peer, .. }, [ours, theirs]) in PAIRS.iter().zip(times) {
            let ratios: Vec<f64> = ours.iter().zip(&theirs).map(|(ours, theirs)| ours / theirs).collect();
            println!("{network:14} {own:20} {}", Spread::of(ours));
            if !theirs.is_empty() {
                println!("{network:14} {peer:20} {}", Spread::of(theirs));
                println!("{network:14} {:20} {}", "ratio", Spread::of(ratios));
            }
        }
    }
    Ok(())
}

/// A folder with these scripts of peers, by its whole path: their programs are started in it.
pub(crate) fn folder(peers: &Path, scripts: &[&str]) -> Result<PathBuf> {
    for script in scripts {
        ensure!(peers.join(script).is_file(), "there are no peers in {}: it has no {script}", peers.display());
    }
    peers.canonicalize().with_context(|| format!("cannot find {}", peers.display()))
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
    let text = output(Command::new(program).args([script, network]).current_dir(folder))
        .with_context(|| format!("cannot time {script} in {}", folder.display()))?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let median = words.windows(2).find(|pair| pair[0] == "median").map(|pair| pair[1]);
    median.with_context(|| format!("{script} printed no median: {text}"))?.parse().context("a median is a number")
}
