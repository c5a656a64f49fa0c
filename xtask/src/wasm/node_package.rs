//! The npm package, for Node, bundlers and browsers.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::module::{Modules, bundle};
use crate::steps::root;

/// The output folder, relative to the root.
pub(super) const FOLDER: &str = "wasm/pkg";

/// The placeholder of the version in `wasm/npm/package.json`.
const NO_VERSION: &str = "\"version\": \"0.0.0\"";

/// The model's files in the package, and their sources.
const MODEL: [(&str, &str); 4] = [
    ("manifest.json", "models/leaf-mini/manifest.json"),
    ("weights.bpk", "models/leaf-mini/weights.bpk"),
    ("mango-pests.gallery", "models/gallery/mango-pests/leaf-mini.gallery"),
    ("catalog.json", "models/catalog.json"),
];

/// Writes the package, in place of an existing one.
pub(super) fn write(modules: &Modules) -> Result<()> {
    let package = root().join(FOLDER);
    let _ = fs::remove_dir_all(&package);
    fs::create_dir_all(package.join("model")).with_context(|| format!("cannot make {}", package.display()))?;
    fs::copy(&modules.wasm, package.join("mango_wasm_bg.wasm"))?;
    bundle(
        &modules.js.join("web.js"),
        &package.join("index.js"),
        &["--format=esm", "--target=chrome91,firefox89,safari16.4"],
    )?;
    let node = modules.js.join("node.js");
    bundle(&node, &package.join("node.js"), &["--format=esm", "--platform=node", "--target=node18"])?;
    bundle(
        &node,
        &package.join("node.cjs"),
        &[
            "--format=cjs",
            "--platform=node",
            "--target=node18",
            "--define:import.meta.url=__url",
            "--banner:js=const __url = require('node:url').pathToFileURL(__filename).href;",
        ],
    )?;
    for (name, source) in MODEL {
        fs::copy(root().join(source), package.join("model").join(name))
            .with_context(|| format!("cannot copy {source}"))?;
    }
    // TypeScript derives the module type from the declaration file.
    for (name, source) in [("README.md", "README.md"), ("index.d.ts", "index.d.ts"), ("index.d.cts", "index.d.ts")] {
        fs::copy(root().join("wasm/npm").join(source), package.join(name))
            .with_context(|| format!("cannot copy {source}"))?;
    }
    for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
        fs::copy(root().join(name), package.join(name))?;
    }
    manifest(&package)
}

/// The package's manifest with the workspace's version. It is edited as text, since the order of its conditions
/// matters.
fn manifest(package: &Path) -> Result<()> {
    let text = fs::read_to_string(root().join("wasm/npm/package.json")).context("cannot read wasm/npm/package.json")?;
    ensure!(text.contains(NO_VERSION), "wasm/npm/package.json must have {NO_VERSION}, which is replaced");
    let version = concat!("\"version\": \"", env!("CARGO_PKG_VERSION"), "\"");
    fs::write(package.join("package.json"), text.replace(NO_VERSION, version))?;
    Ok(())
}
