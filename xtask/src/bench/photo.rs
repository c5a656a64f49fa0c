//! `cargo xtask bench photo`: from a photo's bytes to the prediction, natively and in Node.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::{Spread, baseline_program, example, folder};
use crate::setup::{self, PYTHON, Python, WASM_PACKAGES};
use crate::steps::{Progress, Usual, output, root, target_folder};
use crate::wasm;

/// Packages that draw the photos.
const DRAWING: Python = Python("xtask/src/bench/requirements.txt");

/// Rounds. Each times everything once; the median and the range are reported.
const ROUNDS: usize = 7;
/// Predictions of a process, of which the median is taken.
const PREDICTIONS: &str = "11";
/// The baseline: another engine on the same photos, natively.
const BASELINE: [&str; 2] = ["venv/bin/python", "photo_to_answer.py"];
/// The baseline's two modes, decoding at full size and at a fraction of it, and the beginnings of their lines.
const BASELINE_MODES: [(&str, &str); 2] = [("whole", "pillow+ort "), ("draft", "pillow+ort-draft ")];

/// Builds, draws photos, runs everything in turn, and prints milliseconds of processor time and ratios to the baseline.
///
/// # Errors
/// Something cannot be built or run.
pub(crate) fn run(baselines: Option<&Path>) -> Result<()> {
    let baselines = baselines.map(|baselines| folder(baselines, &BASELINE[1..])).transpose()?;
    setup::ensure(&[&WASM_PACKAGES[..], &[&PYTHON, &DRAWING]].concat())?;
    let mut progress = Progress::new("bench photo", 4);
    let native = progress.step("timing of photos, release build", Usual::minutes(10), || example("time_photo"))?;
    progress.step("wasm packages", wasm::USUAL, wasm::run)?;
    let photos = progress.step("drawing of photos", Usual::minutes(1), draw)?;
    println!(
        "CPU milliseconds from JPEG bytes to the prediction, one thread; median of {ROUNDS} rounds, and their range"
    );
    match &baselines {
        Some(_) => println!("ratio: native leaf-lite0 to the baseline, below 1 if ours is faster"),
        None => println!("to compare with Pillow and ONNX Runtime: --peers FOLDER"),
    }
    progress.step("timing of photos", Usual::minutes(10), || {
        for (index, photo) in photos.iter().enumerate() {
            eprintln!("photo {} of {}", index + 1, photos.len());
            compare(&native, photo, baselines.as_deref())?;
        }
        Ok(())
    })
}

/// Times a photo everywhere, and prints the lines about it.
fn compare(native: &Path, photo: &Path, baselines: Option<&Path>) -> Result<()> {
    let name = photo.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let bytes = fs::metadata(photo).context("a drawn photo is not there")?.len();
    println!("{name} ({} kB)", bytes / 1000);
    let (mut ours, mut node) = (Vec::new(), Vec::new());
    let mut theirs = BASELINE_MODES.map(|_| Vec::new());
    for _ in 0..ROUNDS {
        // In turn, so that a disturbance affects both.
        ours.push(timed(native, photo)?);
        node.push(in_node(photo)?);
        if let Some(folder) = baselines {
            let text = baseline(folder, photo)?;
            for (times, (_, line)) in theirs.iter_mut().zip(BASELINE_MODES) {
                times.push(median(&text, line)?);
            }
        }
    }
    for (times, (mode, _)) in theirs.iter().zip(BASELINE_MODES) {
        if !times.is_empty() {
            let ratios = ours.iter().zip(times).map(|(ours, theirs)| ours / theirs).collect();
            println!("  {:34} {}", format!("Pillow ({mode}) + ONNX Runtime"), Spread::of(times.clone()));
            println!("  {:34} {}", "ratio", Spread::of(ratios));
        }
    }
    println!("  {:34} {}", "leaf-lite0, native", Spread::of(ours));
    println!("  {:34} {}", "leaf-mini, wasm in Node", Spread::of(node));
    Ok(())
}

/// Photos from 0.08 to 48 megapixels, sequential and progressive, with subsampled chroma.
fn draw() -> Result<Vec<PathBuf>> {
    let folder = target_folder()?.join("bench-photos");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut script = Command::new(DRAWING.programs()?.join("python"));
    let names = output(script.arg(root().join("xtask/src/bench/photos.py")).arg(&folder))?;
    let photos: Vec<PathBuf> = names.lines().map(|name| folder.join(name)).collect();
    ensure!(!photos.is_empty(), "no photos were drawn");
    Ok(photos)
}

fn timed(native: &Path, photo: &Path) -> Result<f64> {
    let mut command = Command::new(native);
    command.arg(root().join("models/leaf-lite0")).arg(photo).arg(PREDICTIONS);
    Ok(Spread::of(serde_json::from_str(&output(&mut command)?)?).middle)
}

fn in_node(photo: &Path) -> Result<f64> {
    let mut command = Command::new("node");
    let text =
        output(command.arg("bench/photo.js").args([photo, Path::new(PREDICTIONS)]).current_dir(root().join("wasm")))?;
    Ok(Spread::of(serde_json::from_str(&text)?).middle)
}

fn baseline(folder: &Path, photo: &Path) -> Result<String> {
    output(
        Command::new(baseline_program(folder, BASELINE[0], "python3")).arg(BASELINE[1]).arg(photo).current_dir(folder),
    )
    .with_context(|| format!("cannot time {} in {}", BASELINE[1], folder.display()))
}

/// The number after `median` in the line with that beginning.
fn median(text: &str, beginning: &str) -> Result<f64> {
    let line = text.lines().find(|line| line.starts_with(beginning));
    let line = line.with_context(|| format!("{} printed no line of {beginning}: {text}", BASELINE[1]))?;
    let (_, rest) = line.split_once("median ").with_context(|| format!("{} printed no median: {text}", BASELINE[1]))?;
    rest.split_whitespace().next().unwrap_or_default().parse().context("a median is a number")
}
