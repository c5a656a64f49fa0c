//! Builds the optimised wasm module and its glue.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::{glue, sections};
use crate::setup::{WASM, WASM_BINDGEN, npm_program};
use crate::steps::{self, Progress, Usual, compile, root, target_folder};

/// Cargo's profile for releases. The tests use it too, to share the build and to test the shipped code.
pub(crate) const PROFILE: &str = "phone";

/// Disables SIMD128, which `.cargo/config.toml` enables: cargo appends these flags, and the last one counts for rustc.
const SCALAR: &str = "target.wasm32-unknown-unknown.rustflags=[\"-C\", \"target-feature=-simd128\"]";

/// The features besides SIMD that rustc's baseline and the flags of `.cargo/config.toml` allow in a module.
const FEATURES: [&str; 4] =
    ["--enable-bulk-memory", "--enable-nontrapping-float-to-int", "--enable-sign-ext", "--enable-mutable-globals"];

/// Passes that replace the instructions that the oldest engines lack.
const LOWERINGS: [&str; 3] =
    ["--signext-lowering", "--llvm-memory-copy-fill-lowering", "--llvm-nontrapping-fptoint-lowering"];

/// Whether a module's code uses SIMD128.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Vectors {
    Simd128,
    None,
}

/// The number of steps of [`build`].
pub(super) const STEPS: usize = 4;

/// The modules, before they are put into packages.
pub(super) struct Modules {
    /// With SIMD, for Node and browsers.
    pub(super) wasm: PathBuf,
    /// The same, without instructions other than SIMD that old engines lack.
    pub(super) lowered: PathBuf,
    /// For engines without SIMD, and lowered.
    pub(super) scalar: PathBuf,
    /// The folder with the hand-written JavaScript and the glue, the same for all modules.
    pub(super) js: PathBuf,
}

/// Compiles the modules, makes their glue and optimises them. All files are in the target folder.
pub(super) fn build(progress: &mut Progress) -> Result<Modules> {
    let folder = target_folder()?.join("wasm-package");
    let (simd, scalar) = (folder.join("simd"), folder.join("scalar"));
    let glue = bound(Vectors::Simd128, &simd, progress)?;
    let scalar_glue = bound(Vectors::None, &scalar, progress)?;
    ensure!(glue == scalar_glue, "the modules with and without SIMD have different glue, but one script loads both");
    let js = folder.join("js");
    copy_js(&js)?;
    fs::write(js.join("glue.js"), glue::wrap(&glue)?)?;
    let lowered = |folder: &Path| folder.join("lowered.wasm");
    Ok(Modules { wasm: simd.join("optimised.wasm"), lowered: lowered(&simd), scalar: lowered(&scalar), js })
}

/// Writes `optimised.wasm` and `lowered.wasm` into a folder, and returns their glue.
fn bound(vectors: Vectors, folder: &Path, progress: &mut Progress) -> Result<String> {
    let [compile, optimise] = vectors.steps();
    let module = progress.step(compile, Usual::minutes(8), || compiled(vectors))?;
    progress.step(optimise, Usual::seconds(40), || finished(&module, vectors, folder))
}

fn finished(module: &[u8], vectors: Vectors, folder: &Path) -> Result<String> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    // Without this section wasm-bindgen does not use reference types, which engines of 2021 lack.
    let plain = folder.join("mango_wasm.wasm");
    fs::write(&plain, sections::without_custom(module, "target_features")?)?;
    bind(&plain, folder)?;
    let bound = folder.join("mango_wasm_bg.wasm");
    fs::write(
        &bound,
        sections::without_exported_globals(&fs::read(&bound).context("cannot read wasm-bindgen's module")?)?,
    )?;
    let (wasm, lowered) = (folder.join("optimised.wasm"), folder.join("lowered.wasm"));
    optimise(&bound, &wasm, vectors, &["-O3", "--strip-debug", "--strip-producers"])?;
    optimise(&wasm, &lowered, vectors, &LOWERINGS)?;
    validate(&lowered, vectors)?;
    fs::read_to_string(folder.join("mango_wasm_bg.js")).context("cannot read the glue")
}

/// The compiled module. Cargo writes the modules with and without SIMD to the same path, so they are built in turn.
fn compiled(vectors: Vectors) -> Result<Vec<u8>> {
    let mut build = compile("build", &["--profile", PROFILE, "--package", "mango-wasm", "--target", WASM]);
    if vectors == Vectors::None {
        build.args(["--config", SCALAR]);
    }
    steps::run(&mut build)?;
    let module = target_folder()?.join(WASM).join(PROFILE).join("mango_wasm.wasm");
    fs::read(&module).with_context(|| format!("cannot read {}", module.display()))
}

/// Builds the phone's module with the functions that only benchmarks need, for Node. Returns the path of its
/// JavaScript.
pub(crate) fn for_benchmarks() -> Result<PathBuf> {
    let target = target_folder()?;
    let folder = target.join("wasm-bench");
    let build = ["--profile", PROFILE, "--package", "mango-wasm", "--target", WASM, "--features", "timing"];
    steps::run(&mut compile("build", &build))?;
    let mut bindgen = WASM_BINDGEN.start()?;
    bindgen.args(["--target", "nodejs", "--no-typescript", "--out-dir"]).arg(&folder);
    steps::run(bindgen.arg(target.join(WASM).join(PROFILE).join("mango_wasm.wasm")))?;
    let module = folder.join("mango_wasm_bg.wasm");
    optimise(&module, &module, Vectors::Simd128, &["-O3"])?;
    optimise(&module, &module, Vectors::Simd128, &LOWERINGS)?;
    Ok(folder.join("mango_wasm.js"))
}

fn bind(module: &Path, folder: &Path) -> Result<()> {
    let mut bindgen = WASM_BINDGEN.start()?;
    bindgen.args(["--target", "bundler", "--no-typescript", "--remove-producers-section", "--out-dir"]);
    steps::run(bindgen.arg(folder).arg(module))
}

fn optimise(from: &Path, to: &Path, vectors: Vectors, passes: &[&str]) -> Result<()> {
    let mut wasm_opt = npm_program("wasm-opt");
    wasm_opt.args(vectors.features()).args(FEATURES).args(passes).arg(from).arg("-o").arg(to);
    steps::run(&mut wasm_opt)
}

impl Vectors {
    /// The names of the steps that make a module.
    fn steps(self) -> [&'static str; 2] {
        match self {
            Self::Simd128 => ["compile with SIMD", "optimise with SIMD"],
            Self::None => ["compile without SIMD", "optimise without SIMD"],
        }
    }

    /// The flags with which wasm-opt reads and writes the module's vectors.
    fn features(self) -> &'static [&'static str] {
        match self {
            Self::Simd128 => &["--enable-simd"],
            Self::None => &[],
        }
    }
}

/// Checks that a lowered module uses only the first version of WebAssembly, mutable globals, and its vectors.
fn validate(lowered: &Path, vectors: Vectors) -> Result<()> {
    let mut wasm_opt = npm_program("wasm-opt");
    wasm_opt.arg("--mvp-features").args(vectors.features()).args(["--enable-mutable-globals", "--quiet"]).arg(lowered);
    steps::run(&mut wasm_opt).context("the lowered module uses features that old engines lack")
}

fn copy_js(to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(root().join("wasm/js")).context("cannot read wasm/js")? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}

/// Bundles an entry and its imports into one file with esbuild.
pub(super) fn bundle(entry: &Path, to: &Path, args: &[&str]) -> Result<()> {
    let mut esbuild: Command = npm_program("esbuild");
    // Run in the entry's folder, so that the output contains no path of this machine.
    let folder = entry.parent().context("the entry of a bundle has no folder")?;
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
