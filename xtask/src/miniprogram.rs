//! `cargo xtask miniprogram`: the folder that WeChat DevTools opens, made whole.

pub(crate) mod preview;
mod relay_address;
pub(crate) mod tests;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::json;

pub(crate) use relay_address::RelayAddress;

use crate::steps::root;
use crate::wasm;

/// The only file of the wasm package that is JavaScript: a worker's folder holds nothing else, and a worker takes
/// nothing from outside it.
const LOADER: &str = "scout.js";

/// The module, of the same name in both packages.
const MODULE: &str = "mango.wasm.br";

/// What was built, as the mini-program reads it.
const BUILD: &str = "build.js";

/// Builds the wasm package and puts it into the mini-program, with the relay that it asks if the grower sets no other.
///
/// # Errors
/// Something cannot be built, or weighs more than its budget.
pub(crate) fn run(relay: Option<&RelayAddress>) -> Result<()> {
    wasm::run()?;
    assemble()?;
    write_build(relay)?;
    println!("open {} in WeChat DevTools", folder().display());
    Ok(())
}

/// Puts what was built into the mini-program. A `build.js` that is there stays: somebody may be about to release it.
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
    // What the sub-package has besides is kept in git.
    copy(&package.join(wasm::SCALAR).join(MODULE), &folder().join(wasm::SCALAR).join(MODULE))?;
    if folder().join(BUILD).exists() { Ok(()) } else { write_build(None) }
}

/// Writes which relay is asked, and what was built.
fn write_build(relay: Option<&RelayAddress>) -> Result<()> {
    let build = json!({
        "relay": relay.map_or("", RelayAddress::as_str),
        "version": env!("CARGO_PKG_VERSION"),
        "revision": revision()?,
    });
    fs::write(folder().join(BUILD), format!("module.exports = {build};\n")).context("cannot write build.js")
}

/// Where it lies.
fn folder() -> PathBuf {
    root().join("miniprogram")
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    Ok(())
}

/// The revision that is built, as git names it; a copy without git has none.
fn revision() -> Result<String> {
    let output = Command::new("git").args(["rev-parse", "--short=12", "HEAD"]).current_dir(root()).output();
    match output {
        Ok(output) if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
        Ok(_) => Ok(String::new()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => bail!("cannot ask git for the revision: {error}"),
    }
}
