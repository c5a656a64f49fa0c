//! Programs from PyPI, each set in its own virtual environment.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::machine::install_from_debian;
use crate::steps::{self, root};
use crate::wasm::tools;

/// The folder with the programs (also `python`) of a requirements file, whose path is relative to the repository's
/// root. Returns quickly if they were installed from a file of the same content before.
///
/// # Errors
/// Python 3 with its module venv is missing, or PyPI lacks what the file names.
pub(crate) fn venv(requirements: &Path) -> Result<PathBuf> {
    let file = root().join(requirements);
    let wanted = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let folder = tools::folder()?.join("python").join(name(requirements));
    let programs = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let python = programs.join("python");
    let mark = folder.join(".installed-from");
    if fs::read(&mark).is_ok_and(|installed| installed == wanted) && answers(&python) {
        return Ok(programs);
    }
    make(&folder).or_else(|_| install_from_debian(&["python3", "python3-venv"]).and_then(|()| make(&folder)))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--requirement"];
    steps::run(Command::new(&python).args(pip).arg(&file))
        .with_context(|| format!("cannot install the packages of {} from PyPI", requirements.display()))?;
    fs::write(mark, wanted)?;
    Ok(programs)
}

/// The name of the environment of a requirements file.
fn name(requirements: &Path) -> String {
    let parts: Vec<_> =
        requirements.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    parts.join("-")
}

/// Whether the environment's Python starts: the interpreter that it links to may have been removed.
fn answers(python: &Path) -> bool {
    let status = Command::new(python).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// Makes an empty environment, replacing an existing one.
fn make(folder: &Path) -> Result<()> {
    steps::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))
        .context("Python 3 with its module venv is needed; install it (on Debian: python3 and python3-venv)")
}
