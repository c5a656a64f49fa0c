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

/// WebAssembly features enabled by rustc's baseline and our flags.
const FEATURES: [&str; 5] = [
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
];

/// Passes that remove features which the oldest engines with SIMD lack.
const LOWERINGS: [&str; 3] =
    ["--signext-lowering", "--llvm-memory-copy-fill-lowering", "--llvm-nontrapping-fptoint-lowering"];

/// The module, before packaging.
pub(super) struct Module {
    /// For Node and browsers.
    pub(super) wasm: PathBuf,
    /// The module without features that old engines lack.
    pub(super) lowered: PathBuf,
    /// The folder with the hand-written JavaScript and the glue.
    pub(super) js: PathBuf,
}

/// Compiles, binds and optimises. All output is in the target folder.
pub(super) fn build() -> Result<Module> {
    let target = target_folder()?;
    let folder = target.join("wasm-package");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    steps::run(&mut cargo(&["build", "--quiet", "--profile", PROFILE, "--package", "mango-wasm", "--target", WASM]))?;
    let compiled =
        fs::read(target.join(WASM).join(PROFILE).join("mango_wasm.wasm")).context("cannot read the module")?;
    // The section that allows reference types is removed, so that wasm-bindgen does without them: engines of 2021 need
    // that.
    let plain = folder.join("mango_wasm.wasm");
    fs::write(&plain, sections::without_custom(&compiled, "target_features")?)?;
    bind(&plain, &folder)?;
    let bound = folder.join("mango_wasm_bg.wasm");
    fs::write(&bound, sections::without_exported_globals(&fs::read(&bound).context("cannot read what was bound")?)?)?;
    let (wasm, lowered) = (folder.join("optimised.wasm"), folder.join("lowered.wasm"));
    optimise(&bound, &wasm, &["-O3", "--strip-debug", "--strip-producers"])?;
    optimise(&wasm, &lowered, &LOWERINGS)?;
    validate(&lowered)?;
    let js = folder.join("js");
    copy_js(&js)?;
    let glue = fs::read_to_string(folder.join("mango_wasm_bg.js")).context("cannot read the glue")?;
    fs::write(js.join("glue.js"), glue::wrap(&glue)?)?;
    Ok(Module { wasm, lowered, js })
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
    optimise(&module, &module, &["-O3"])?;
    optimise(&module, &module, &LOWERINGS)?;
    Ok(folder.join("mango_wasm.js"))
}

fn bind(module: &Path, folder: &Path) -> Result<()> {
    let mut bindgen = cargo_tool("wasm-bindgen")?;
    bindgen.args(["--target", "bundler", "--no-typescript", "--remove-producers-section", "--out-dir"]);
    steps::run(bindgen.arg(folder).arg(module))
}

fn optimise(from: &Path, to: &Path, passes: &[&str]) -> Result<()> {
    let mut wasm_opt = npm_tool("wasm-opt");
    wasm_opt.args(FEATURES).args(passes).arg(from).arg("-o").arg(to);
    steps::run(&mut wasm_opt)
}

/// Checks that the module needs no feature beyond SIMD.
fn validate(lowered: &Path) -> Result<()> {
    let mut wasm_opt = npm_tool("wasm-opt");
    wasm_opt.args(["--mvp-features", "--enable-simd", "--enable-mutable-globals", "--quiet"]).arg(lowered);
    steps::run(&mut wasm_opt).context("the lowered module still uses features that old engines lack")
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
