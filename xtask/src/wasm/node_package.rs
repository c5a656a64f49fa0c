//! The npm package, for Node, bundlers and browsers.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::module::{Modules, bundle};
use crate::steps::root;

/// Where it is written, below the root.
pub(super) const FOLDER: &str = "wasm/pkg";

/// What the version is replaced for.
const NO_VERSION: &str = "\"version\": \"0.0.0\"";

/// What the package holds of the model, and where it comes from.
const MODEL: [(&str, &str); 4] = [
    ("manifest.json", "models/leaf-mini/manifest.json"),
    ("weights.bpk", "models/leaf-mini/weights.bpk"),
    ("mango-pests.gallery", "models/gallery/mango-pests/leaf-mini.gallery"),
    ("catalog.json", "models/catalog.json"),
];

/// Writes the package anew.
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
    // TypeScript takes the kind of a module from the file that describes it.
    for (name, source) in [("README.md", "README.md"), ("index.d.ts", "index.d.ts"), ("index.d.cts", "index.d.ts")] {
        fs::copy(root().join("wasm/npm").join(source), package.join(name))
            .with_context(|| format!("cannot copy {source}"))?;
    }
    for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
        fs::copy(root().join(name), package.join(name))?;
    }
    manifest(&package)
}

/// The package's own manifest: the one that is kept, with the workspace's version. As text, since the order of its
/// conditions counts.
fn manifest(package: &Path) -> Result<()> {
    let text = fs::read_to_string(root().join("wasm/npm/package.json")).context("cannot read wasm/npm/package.json")?;
    ensure!(text.contains(NO_VERSION), "wasm/npm/package.json should have {NO_VERSION}");
    let version = concat!("\"version\": \"", env!("CARGO_PKG_VERSION"), "\"");
    fs::write(package.join("package.json"), text.replace(NO_VERSION, version))?;
    Ok(())
}
