//! `cargo xtask bench wasm`: what the packed module costs in Node.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{module, tests};
use crate::bench::{self, Spread};
use crate::leaf;
use crate::steps::{output, root};

/// Fresh processes; the middle one is reported.
const PROCESSES: usize = 5;

/// What is measured: key, unit, words.
const ROWS: [(&str, &str, &str); 5] = [
    ("start", "ms CPU", "start: compile, load weights and gallery"),
    ("first", "ms CPU", "first prediction, from photo bytes"),
    ("steady", "ms CPU", "prediction, from photo bytes"),
    ("explained", "ms CPU", "prediction with heat map"),
    ("memory", "MB", "peak memory above Node's own"),
];

/// Photos as they come from a camera: width and height, and the megabytes that a prediction may take above the loaded
/// module. Phones of 2 GB end a page not far above that.
const CAMERA: [((u32, u32), f64); 2] = [((4000, 3000), 60.0), ((1632, 1224), 25.0)];

/// Builds, runs and prints the medians, beside the peers in a folder where their scripts were installed.
///
/// # Errors
/// Something cannot be built or run, or a prediction takes more memory than it may.
pub(crate) fn run(peers: Option<&Path>) -> Result<()> {
    let [program, script] = bench::TENSORFLOW;
    let peers = peers.map(|peers| bench::folder(peers, &[script])).transpose()?;
    super::run()?;
    tests::write_answers()?;
    let photo = tests::answers()?.join("leaf.jpg");
    let mut runs: Vec<Value> = Vec::new();
    let mut peer_lines = Vec::new();
    for _ in 0..PROCESSES {
        runs.push(serde_json::from_str(&scripted("bench/scout.js", &photo)?)?);
        // In turn with ours: what disturbs one disturbs the other.
        if let Some(folder) = &peers {
            let mut peer = Command::new(program);
            peer_lines.push(output(peer.args([script, "lite0-stage5"]).current_dir(folder))?.trim().to_owned());
        }
    }
    println!("leaf-mini on a photo of 640 x 480, Node, one thread; median of {PROCESSES} processes, and their range");
    for (key, unit, words) in ROWS {
        let values: Vec<f64> = runs.iter().filter_map(|run| run[key].as_f64()).collect();
        ensure!(values.len() == PROCESSES, "bench/scout.js measured no {key}");
        println!("{words:44} {} {unit}", Spread::of(values));
    }
    for line in peer_lines {
        println!("peer, its network alone at 160 px: {line}");
    }
    memory()
}

/// What the first prediction of a photo takes, with heat map.
fn memory() -> Result<()> {
    let photo = module::target_folder()?.join("bench-camera.jpg");
    for ((width, height), most) in CAMERA {
        fs::write(&photo, leaf::jpeg(1, (width, height))?).context("cannot write a photo")?;
        let bytes: f64 = scripted("bench/memory.js", &photo)?.trim().parse().context("bytes are a number")?;
        println!("{:44} {:8.1} MB (at most {most})", format!("memory for a JPEG of {width} x {height}"), bytes / 1e6);
        ensure!(bytes <= most * 1e6, "a photo of {width} x {height} takes more than {most} MB");
    }
    Ok(())
}

/// What a script of `wasm/` prints about a photo.
fn scripted(script: &str, photo: &Path) -> Result<String> {
    output(Command::new("node").arg(script).arg(photo).current_dir(root().join("wasm")))
}
