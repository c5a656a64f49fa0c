//! The files for the mini-program: with file extensions that WeChat's packer keeps, and compressed with brotli, which
//! WeChat unpacks.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::module::{Modules, bundle};
use super::sizes::brotli;
use crate::steps::root;

/// The output folder, relative to the root.
pub(crate) const FOLDER: &str = "wasm/pkg-miniprogram";

/// The folder in [`FOLDER`] that becomes a sub-package: the module for engines without SIMD.
pub(crate) const SCALAR: &str = "scalar";

/// Data that the mini-program reads with `readCompressedFile`. The packer drops files of other suffixes silently.
const DATA: [(&str, &str); 4] = [
    ("catalog.json.br", "models/catalog.json"),
    ("leaf-mini.json.br", "models/leaf-mini/manifest.json"),
    ("leaf-mini.br", "models/leaf-mini/weights.bpk"),
    ("mango-pests.br", "models/gallery/mango-pests/leaf-mini.gallery"),
];

/// Writes the package, in place of an existing one.
pub(super) fn write(modules: &Modules) -> Result<()> {
    let package = root().join(FOLDER);
    let _ = fs::remove_dir_all(&package);
    let scalar = package.join(SCALAR);
    fs::create_dir_all(&scalar).with_context(|| format!("cannot make {}", scalar.display()))?;
    compress(&modules.lowered, &package.join("mango.wasm.br"))?;
    compress(&modules.scalar, &scalar.join("mango.wasm.br"))?;
    bundle(&modules.js.join("miniprogram.js"), &package.join("scout.js"), &["--format=cjs", "--target=es2018"])?;
    for (name, source) in DATA {
        compress(&root().join(source), &package.join(name))?;
    }
    Ok(())
}

fn compress(from: &Path, to: &Path) -> Result<()> {
    let bytes = fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
    fs::write(to, brotli(&bytes)?).with_context(|| format!("cannot write {}", to.display()))
}
