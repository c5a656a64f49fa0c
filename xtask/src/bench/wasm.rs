//! `cargo xtask bench wasm`: time and memory of the packaged module in Node.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{Spread, TENSORFLOW, folder};
use crate::relay::jpeg;
use crate::steps::{Progress, Usual, output, root, target_folder};
use crate::wasm::{self, answers, write_answers};

/// New processes, of which the median is reported.
const PROCESSES: usize = 5;

/// The measurements: key, unit, description.
const ROWS: [(&str, &str, &str); 5] = [
    ("start", "ms CPU", "start: compile, load weights and gallery"),
    ("first", "ms CPU", "first prediction, from photo bytes"),
    ("steady", "ms CPU", "prediction, from photo bytes"),
    ("explained", "ms CPU", "prediction with heat map"),
    ("memory", "MB", "peak memory above Node's own"),
];

/// Photos from a camera: width and height, and the memory that a prediction may take above the loaded module, MB.
/// Phones with 2 GB end a page not far above that.
const CAMERA: [((u32, u32), f64); 2] = [((4000, 3000), 60.0), ((1632, 1224), 25.0)];

/// Builds the module, times it, and prints the medians. `baselines` is a folder with a baseline to time in turn.
///
/// # Errors
/// Something cannot be built or run, or a prediction takes too much memory.
pub(crate) fn run(baselines: Option<&Path>) -> Result<()> {
    let [program, script] = TENSORFLOW;
    let baselines = baselines.map(|baselines| folder(baselines, &[script])).transpose()?;
    let mut progress = Progress::new("bench wasm", 4);
    progress.step("wasm packages", wasm::USUAL, wasm::run)?;
    progress.step("native answers", Usual::minutes(10), write_answers)?;
    let photo = answers()?.join("leaf.jpg");
    let mut runs: Vec<Value> = Vec::new();
    let mut baseline_lines = Vec::new();
    progress.step("time and memory in Node", Usual::seconds(30), || {
        for _ in 0..PROCESSES {
            runs.push(serde_json::from_str(&scripted("bench/scout.js", &photo)?)?);
            // In turn with ours, so that a disturbance affects both.
            if let Some(folder) = &baselines {
                let mut baseline = Command::new(program);
                let line = output(baseline.args([script, "lite0-stage5"]).current_dir(folder))?;
                baseline_lines.push(line.trim().to_owned());
            }
        }
        Ok(())
    })?;
    println!("leaf-mini on a photo of 640 x 480, Node, one thread; median of {PROCESSES} processes, and their range");
    for (key, unit, description) in ROWS {
        let values: Vec<f64> = runs.iter().filter_map(|run| run[key].as_f64()).collect();
        ensure!(values.len() == PROCESSES, "bench/scout.js measured no {key}");
        println!("{description:44} {} {unit}", Spread::of(values));
    }
    for line in baseline_lines {
        println!("baseline, its network alone at 160 px: {line}");
    }
    progress.step("memory for a camera's photos", Usual::SHORT, memory)
}

/// Memory of the first prediction of a photo, with heat map.
fn memory() -> Result<()> {
    let photo = target_folder()?.join("bench-camera.jpg");
    for ((width, height), most) in CAMERA {
        fs::write(&photo, jpeg(1, (width, height))?).context("cannot write a photo")?;
        let bytes: f64 = scripted("bench/memory.js", &photo)?.trim().parse().context("bytes are a number")?;
        println!("{:44} {:8.1} MB (at most {most})", format!("memory for a JPEG of {width} x {height}"), bytes / 1e6);
        ensure!(bytes <= most * 1e6, "a photo of {width} x {height} takes more than {most} MB");
    }
    Ok(())
}

/// The output of a script of `wasm/` for a photo.
fn scripted(script: &str, photo: &Path) -> Result<String> {
    output(Command::new("node").arg(script).arg(photo).current_dir(root().join("wasm")))
}
