//! The files for the mini-program: with file extensions that WeChat's packer keeps, and compressed with brotli, which
//! WeChat unpacks.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::module::{Module, bundle};
use super::sizes::brotli;
use crate::steps::root;

/// The output folder, relative to the root.
pub(crate) const FOLDER: &str = "wasm/pkg-miniprogram";

/// Data that the mini-program reads with `readCompressedFile`. The packer silently drops files with other extensions.
const DATA: [(&str, &str); 4] = [
    ("catalog.json.br", "models/catalog.json"),
    ("leaf-mini.json.br", "models/leaf-mini/manifest.json"),
    ("leaf-mini.br", "models/leaf-mini/weights.bpk"),
    ("mango-pests.br", "models/gallery/mango-pests/leaf-mini.gallery"),
];

/// Writes the package from scratch.
pub(super) fn write(module: &Module) -> Result<()> {
    let package = root().join(FOLDER);
    let _ = fs::remove_dir_all(&package);
    fs::create_dir_all(&package).with_context(|| format!("cannot make {}", package.display()))?;
    compress(&module.lowered, &package.join("mango.wasm.br"))?;
    bundle(&module.js.join("miniprogram.js"), &package.join("scout.js"), &["--format=cjs", "--target=es2018"])?;
    for (name, source) in DATA {
        compress(&root().join(source), &package.join(name))?;
    }
    Ok(())
}

fn compress(from: &Path, to: &Path) -> Result<()> {
    let bytes = fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
    fs::write(to, brotli(&bytes)?).with_context(|| format!("cannot write {}", to.display()))
}
