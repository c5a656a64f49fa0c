//! `cargo xtask bench wasm`: what the packed module costs in Node.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::tests;
use crate::steps::root;

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

/// Builds, runs and prints the medians, beside the peers in a folder where their scripts were installed.
///
/// # Errors
/// Something cannot be built or run.
pub(crate) fn run(peers: Option<&Path>) -> Result<()> {
    super::run()?;
    tests::write_answers()?;
    let photo = tests::answers()?.join("leaf.jpg");
    let mut runs: Vec<Value> = Vec::new();
    let mut peer_lines = Vec::new();
    for _ in 0..PROCESSES {
        runs.push(serde_json::from_str(&node(&root().join("wasm"), &[&"bench/scout.js".into(), &photo])?)?);
        // In turn with ours: what disturbs one disturbs the other.
        if let Some(folder) = peers {
            peer_lines.push(node(folder, &[&"tfjs_wasm.cjs".into(), &"lite0-stage5".into()])?.trim().to_owned());
        }
    }
    println!("leaf-mini on a photo of 640 x 480, Node, one thread; median of {PROCESSES} processes, and their range");
    for (key, unit, words) in ROWS {
        let mut values: Vec<f64> = runs.iter().filter_map(|run| run[key].as_f64()).collect();
        values.sort_by(f64::total_cmp);
        let [Some(least), Some(middle), Some(most)] = [values.first(), values.get(values.len() / 2), values.last()]
        else {
            bail!("bench/scout.js measured no {key}");
        };
        println!("{words:44} {middle:8.1} {unit} ({least:.1} to {most:.1})");
    }
    for line in peer_lines {
        println!("peer, its network alone at 160 px: {line}");
    }
    Ok(())
}

fn node(folder: &Path, args: &[&PathBuf]) -> Result<String> {
    let output = Command::new("node").args(args).current_dir(folder).output().context("cannot start node")?;
    if !output.status.success() {
        bail!("node {args:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?)
}
