//! Programs of this machine, and installation from Debian.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::steps;

/// A program on the search path.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// Whether this runs as root, by the owner of the process.
pub(crate) fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Installs Debian packages if possible: as root, on a system with apt. Otherwise does nothing.
///
/// # Errors
/// apt fails.
pub(crate) fn install_from_debian(packages: &[&str]) -> Result<()> {
    if !is_root() || on_path("apt-get").is_none() {
        return Ok(());
    }
    let apt = |args: &[&str]| steps::run(Command::new("apt-get").args(args).env("DEBIAN_FRONTEND", "noninteractive"));
    let install = [&["install", "--quiet", "--yes", "--no-install-recommends"], packages].concat();
    apt(&install).or_else(|_| apt(&["update", "--quiet"]).and_then(|()| apt(&install)))
}
