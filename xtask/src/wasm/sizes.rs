//! Sizes of the packages, compared with their budgets.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::budget::Budgets;
use super::{node_package, phone_package};
use crate::steps::root;

/// Brotli's highest level: compressing takes long, but only once per build.
const QUALITY: u32 = 11;

/// A window of 4 MiB; every decoder must support up to 16 MiB.
const WINDOW: u32 = 22;

/// Compresses with brotli.
pub(super) fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, QUALITY, WINDOW);
    writer.write_all(bytes)?;
    Ok(writer.into_inner())
}

/// Prints the sizes of the packages.
///
/// # Errors
/// A file of the mini-program's package is larger than its budget, or has no budget.
pub(super) fn check() -> Result<()> {
    let budgets = Budgets::read()?;
    let mut problems = Vec::new();
    println!("{:32} {:>10} {:>10} {:>10}", phone_package::FOLDER, "raw", "brotli", "budget");
    for (name, packed) in files(phone_package::FOLDER)? {
        let (raw, compressed) = if Path::new(&name).extension().is_some_and(|suffix| suffix == "br") {
            (decompressed(&packed)?.len(), packed.len())
        } else {
            (packed.len(), brotli(&packed)?.len())
        };
        let Some(budget) = budgets.of(&name) else {
            problems.push(format!("{name} has no budget"));
            continue;
        };
        println!("{name:32} {raw:>10} {compressed:>10} {budget:>10}");
        if compressed as u64 > budget {
            problems.push(format!("{name} has {compressed} bytes, {budget} are allowed"));
        }
    }
    println!("{:32} {:>10}", node_package::FOLDER, "raw");
    for (name, file) in files(node_package::FOLDER)? {
        println!("{name:32} {:>10}", file.len());
    }
    if !problems.is_empty() {
        bail!("{}; make the file smaller, or raise its budget in wasm/budgets.json", problems.join("; "));
    }
    Ok(())
}

/// The files below a folder, by their paths relative to it. The folder is relative to the root of the repository.
fn files(folder: &str) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(root().join(folder)).with_context(|| format!("cannot read {folder}"))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            let inner = files(&format!("{folder}/{name}"))?;
            found.extend(inner.into_iter().map(|(file, bytes)| (format!("{name}/{file}"), bytes)));
        } else {
            found.insert(name, fs::read(entry.path())?);
        }
    }
    Ok(found)
}

fn decompressed(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut raw = Vec::new();
    brotli::DecompressorWriter::new(&mut raw, 4096)
        .write_all(bytes)
        .context("a compressed file cannot be decompressed")?;
    Ok(raw)
}
