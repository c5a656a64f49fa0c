//! `cargo xtask miniprogram`: completes the folder that WeChat DevTools opens.

pub(crate) mod preview;
mod relay_address;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::json;

pub(crate) use relay_address::RelayAddress;

use crate::steps::{Progress, Usual, root};
use crate::wasm;

/// The only JavaScript file of the wasm package. It is in the worker's folder, since a worker can only load files from
/// its own folder.
const LOADER: &str = "scout.js";

/// The module's name in both packages.
const MODULE: &str = "mango.wasm.br";

/// The file from which the mini-program reads the relay's address and its own version.
const BUILD: &str = "build.js";

/// Builds the wasm package and copies it into the mini-program, with the address of the default relay.
///
/// # Errors
/// Something cannot be built, or is larger than its budget.
pub(crate) fn run(relay: Option<&RelayAddress>) -> Result<()> {
    let mut progress = Progress::new("miniprogram", 2);
    progress.step("wasm packages", wasm::USUAL, wasm::run)?;
    progress.step("mini-program, assembled", Usual::SHORT, || {
        assemble()?;
        write_build(relay)
    })?;
    println!("open {} in WeChat DevTools", folder().display());
    Ok(())
}

/// Copies the build into the mini-program. An existing `build.js` is kept, since it may be the one of a release.
///
/// # Errors
/// A file is missing or cannot be written.
pub(crate) fn assemble() -> Result<()> {
    let (model, worker) = (folder().join("model"), folder().join("worker"));
    let _ = fs::remove_dir_all(&model);
    fs::create_dir_all(&model).with_context(|| format!("cannot make {}", model.display()))?;
    let package = root().join(wasm::PHONE_PACKAGE);
    for entry in fs::read_dir(&package).context("cannot read the wasm package")? {
        let (file, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        if file.is_file() {
            copy(&file, &if name == LOADER { worker.join(name) } else { model.join(name) })?;
        }
    }
    // The other files of the sub-package are in git.
    copy(&package.join(wasm::SCALAR).join(MODULE), &folder().join(wasm::SCALAR).join(MODULE))?;
    if folder().join(BUILD).exists() { Ok(()) } else { write_build(None) }
}

/// Writes the relay's address and the description of the build.
fn write_build(relay: Option<&RelayAddress>) -> Result<()> {
    let build = json!({
        "relay": relay.map_or("", RelayAddress::as_str),
        "version": env!("CARGO_PKG_VERSION"),
        "revision": revision()?,
    });
    fs::write(folder().join(BUILD), format!("module.exports = {build};\n")).context("cannot write build.js")
}

/// The folder of the mini-program.
pub(crate) fn folder() -> PathBuf {
    root().join("miniprogram")
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    Ok(())
}

/// The git revision of the build; empty without git.
fn revision() -> Result<String> {
    let output = Command::new("git").args(["rev-parse", "--short=12", "HEAD"]).current_dir(root()).output();
    match output {
        Ok(output) if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
        Ok(_) => Ok(String::new()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => bail!("cannot ask git for the revision: {error}"),
    }
}
