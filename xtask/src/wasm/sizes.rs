//! What the packages weigh, against their budgets.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::budget::Budgets;
use super::phone_package;
use crate::steps::root;

/// Brotli's strongest: a phone downloads the result once, a build makes it once.
const QUALITY: u32 = 11;

/// 4 MiB, the largest window that every decoder has to take is 16 MiB.
const WINDOW: u32 = 22;

/// The bytes under brotli.
pub(super) fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, QUALITY, WINDOW);
    writer.write_all(bytes)?;
    Ok(writer.into_inner())
}

/// Prints what the phone's package weighs.
///
/// # Errors
/// Something weighs more than its budget.
pub(super) fn check() -> Result<()> {
    let budgets = Budgets::read()?;
    let phone = root().join(phone_package::FOLDER);
    let mut over = Vec::new();
    println!("{:24} {:>10} {:>10} {:>10}", "", "raw", "brotli", "budget");
    for (name, budget) in budgets.files() {
        let packed = fs::read(phone.join(name)).with_context(|| format!("the package has no {name}"))?;
        let (raw, compressed) = if Path::new(name).extension().is_some_and(|suffix| suffix == "br") {
            (unpacked(&packed)?.len(), packed.len())
        } else {
            (packed.len(), brotli(&packed)?.len())
        };
        println!("{name:24} {raw:>10} {compressed:>10} {budget:>10}");
        if compressed as u64 > budget {
            over.push(format!("{name} takes {compressed} bytes where {budget} are allowed"));
        }
    }
    if !over.is_empty() {
        bail!("{}; make it smaller, or say in wasm/budgets.json why it may be larger", over.join("; "));
    }
    Ok(())
}

fn unpacked(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    brotli::DecompressorWriter::new(&mut unpacked, 4096).write_all(bytes).context("what was packed does not unpack")?;
    Ok(unpacked)
}
