//! Builds the optimised wasm module and its glue.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::tools::{cargo_tool, npm_tool};
use super::{glue, sections};
use crate::setup::WASM;
use crate::steps::{self, cargo, root};

/// Cargo's profile for releases. The tests use it too, to share the build and to test the shipped code.
pub(super) const PROFILE: &str = "phone";

/// Takes SIMD128 out of the flags of `.cargo/config.toml`: cargo appends these, and rustc heeds the last word.
const SCALAR: &str = "target.wasm32-unknown-unknown.rustflags=[\"-C\", \"target-feature=-simd128\"]";

/// What rustc's baseline and our own flags let a module use beside SIMD.
const FEATURES: [&str; 4] =
    ["--enable-bulk-memory", "--enable-nontrapping-float-to-int", "--enable-sign-ext", "--enable-mutable-globals"];

/// What the oldest engines may lack.
const LOWERINGS: [&str; 3] =
    ["--signext-lowering", "--llvm-memory-copy-fill-lowering", "--llvm-nontrapping-fptoint-lowering"];

/// Whether a module's code uses SIMD128.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Vectors {
    Simd128,
    None,
}

/// The modules, before they are put into packages.
pub(super) struct Modules {
    /// With SIMD, for Node and browsers.
    pub(super) wasm: PathBuf,
    /// The same without what old engines may lack beside SIMD.
    pub(super) lowered: PathBuf,
    /// For engines without SIMD, lowered too.
    pub(super) scalar: PathBuf,
    /// The folder with the hand-written JavaScript and the glue beside it, which serves all of them.
    pub(super) js: PathBuf,
}

/// Compiles, binds and optimises. Everything lies in the target folder.
pub(super) fn build() -> Result<Modules> {
    let folder = target_folder()?.join("wasm-package");
    let (simd, scalar) = (folder.join("simd"), folder.join("scalar"));
    let glue = bound(Vectors::Simd128, &simd)?;
    let scalar_glue = bound(Vectors::None, &scalar)?;
    ensure!(glue == scalar_glue, "the modules with and without SIMD need different glue, where one script loads both");
    let js = folder.join("js");
    copy_js(&js)?;
    fs::write(js.join("glue.js"), glue::wrap(&glue)?)?;
    let lowered = |folder: &Path| folder.join("lowered.wasm");
    Ok(Modules { wasm: simd.join("optimised.wasm"), lowered: lowered(&simd), scalar: lowered(&scalar), js })
}

/// Makes `optimised.wasm` and `lowered.wasm` in a folder, and gives their glue.
fn bound(vectors: Vectors, folder: &Path) -> Result<String> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    // Without the note that reference types may be used wasm-bindgen does without them, as engines of 2021 need.
    let plain = folder.join("mango_wasm.wasm");
    fs::write(&plain, sections::without_custom(&compiled(vectors)?, "target_features")?)?;
    bind(&plain, folder)?;
    let bound = folder.join("mango_wasm_bg.wasm");
    fs::write(&bound, sections::without_exported_globals(&fs::read(&bound).context("cannot read what was bound")?)?)?;
    let (wasm, lowered) = (folder.join("optimised.wasm"), folder.join("lowered.wasm"));
    optimise(&bound, &wasm, vectors, &["-O3", "--strip-debug", "--strip-producers"])?;
    optimise(&wasm, &lowered, vectors, &LOWERINGS)?;
    validate(&lowered, vectors)?;
    fs::read_to_string(folder.join("mango_wasm_bg.js")).context("cannot read the glue")
}

/// The module as cargo leaves it. Both kinds are built to the same path, one after the other.
fn compiled(vectors: Vectors) -> Result<Vec<u8>> {
    let mut build = cargo(&["build", "--quiet", "--profile", PROFILE, "--package", "mango-wasm", "--target", WASM]);
    if vectors == Vectors::None {
        build.args(["--config", SCALAR]);
    }
    steps::run(&mut build)?;
    let module = target_folder()?.join(WASM).join(PROFILE).join("mango_wasm.wasm");
    fs::read(&module).with_context(|| format!("cannot read {}", module.display()))
}

/// Builds the module for benchmarks in Node, as on phones and with the functions that only benchmarks need. Returns its
/// JavaScript.
pub(crate) fn for_benchmarks() -> Result<PathBuf> {
    let target = target_folder()?;
    let folder = target.join("wasm-bench");
    let build = ["build", "--quiet", "--profile", PROFILE, "--package", "mango-wasm", "--target", WASM];
    steps::run(cargo(&build).args(["--features", "timing"]))?;
    let mut bindgen = cargo_tool("wasm-bindgen")?;
    bindgen.args(["--target", "nodejs", "--no-typescript", "--out-dir"]).arg(&folder);
    steps::run(bindgen.arg(target.join(WASM).join(PROFILE).join("mango_wasm.wasm")))?;
    let module = folder.join("mango_wasm_bg.wasm");
    optimise(&module, &module, Vectors::Simd128, &["-O3"])?;
    optimise(&module, &module, Vectors::Simd128, &LOWERINGS)?;
    Ok(folder.join("mango_wasm.js"))
}

fn bind(module: &Path, folder: &Path) -> Result<()> {
    let mut bindgen = cargo_tool("wasm-bindgen")?;
    bindgen.args(["--target", "bundler", "--no-typescript", "--remove-producers-section", "--out-dir"]);
    steps::run(bindgen.arg(folder).arg(module))
}

fn optimise(from: &Path, to: &Path, vectors: Vectors, passes: &[&str]) -> Result<()> {
    let mut wasm_opt = npm_tool("wasm-opt");
    wasm_opt.args(vectors.features()).args(FEATURES).args(passes).arg(from).arg("-o").arg(to);
    steps::run(&mut wasm_opt)
}

impl Vectors {
    /// What lets wasm-opt read and write the module's vectors.
    fn features(self) -> &'static [&'static str] {
        match self {
            Self::Simd128 => &["--enable-simd"],
            Self::None => &[],
        }
    }
}

/// Checks that a lowered module holds nothing but the first version of WebAssembly, mutable globals, and its vectors.
fn validate(lowered: &Path, vectors: Vectors) -> Result<()> {
    let mut wasm_opt = npm_tool("wasm-opt");
    wasm_opt.arg("--mvp-features").args(vectors.features()).args(["--enable-mutable-globals", "--quiet"]).arg(lowered);
    steps::run(&mut wasm_opt).context("the lowered module still uses what old engines lack")
}

fn copy_js(to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(root().join("wasm/js")).context("cannot read wasm/js")? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}

/// Cargo's target folder.
pub(crate) fn target_folder() -> Result<PathBuf> {
    let output = cargo(&["metadata", "--format-version", "1", "--no-deps"]).output().context("cannot start cargo")?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).context("cargo metadata is empty")?;
    Ok(metadata["target_directory"].as_str().context("cargo metadata names no target folder")?.into())
}

/// Bundles an entry and its imports into one file with esbuild.
pub(super) fn bundle(entry: &Path, to: &Path, args: &[&str]) -> Result<()> {
    let mut esbuild: Command = npm_tool("esbuild");
    // Run in the entry's folder, so that the output contains no path of this machine.
    let folder = entry.parent().context("an entry lies in a folder")?;
    esbuild.current_dir(folder).arg(entry).args([
        "--bundle",
        "--charset=utf8",
        "--log-level=warning",
        "--legal-comments=none",
    ]);
    steps::run(esbuild.args(args).arg(format!("--outfile={}", to.display())))?;
    ensure!(to.is_file(), "esbuild wrote no {}", to.display());
    Ok(())
}
