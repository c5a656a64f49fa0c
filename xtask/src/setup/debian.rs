//! Programs of the system, which Debian's packages contain.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, ensure};
use mango_relay_harness::is_root;

use super::Dependency;
use crate::steps::{self, Usual};

/// apt's arguments before the packages.
const INSTALL: [&str; 3] = ["install", "--yes", "--no-install-recommends"];

/// Programs of the system.
pub(crate) struct Programs {
    pub(super) name: &'static str,
    /// Debian's packages with them. If the first list is not known to apt, the next one is tried: names differ between
    /// versions of Debian.
    pub(super) packages: &'static [&'static [&'static str]],
    /// Whether they are there.
    pub(super) found: fn() -> bool,
}

impl Programs {
    fn packages(&self) -> String {
        self.packages.iter().map(|packages| packages.join(" ")).collect::<Vec<_>>().join(", or ")
    }
}

impl Dependency for Programs {
    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn place(&self) -> Result<String> {
        let origin = if on_path("apt-get").is_some() { "from Debian, " } else { "" };
        Ok(format!("{origin}into the system"))
    }

    fn command(&self) -> Result<String> {
        let sudo = if is_root() { "" } else { "sudo " };
        Ok(format!("{sudo}apt-get {} {}", INSTALL.join(" "), self.packages()))
    }

    fn needs_root(&self) -> bool {
        true
    }

    fn is_installable(&self) -> bool {
        is_root() && on_path("apt-get").is_some()
    }

    fn usual(&self) -> Usual {
        Usual::seconds(30)
    }

    fn is_installed(&self) -> Result<bool> {
        Ok((self.found)())
    }

    fn install(&self) -> Result<()> {
        ensure!(self.is_installable(), "only root can install it, on Debian: {}", self.command()?);
        if self.packages.iter().any(|packages| apt(&INSTALL, packages).is_ok()) {
            return Ok(());
        }
        // The lists of packages may be missing, as in a new container, or old.
        apt(&["update", "--quiet"], &[])?;
        let mut result = Ok(());
        for packages in self.packages {
            result = apt(&INSTALL, packages);
            if result.is_ok() {
                break;
            }
        }
        result
    }
}

fn apt(args: &[&str], packages: &[&str]) -> Result<()> {
    steps::run(Command::new("apt-get").args(args).args(packages).env("DEBIAN_FRONTEND", "noninteractive"))
}

/// A program on the search path.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(program)).find(|path| path.is_file())
}
