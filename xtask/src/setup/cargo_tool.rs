//! Tools from crates.io.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::Dependency;
use crate::steps::{self, Usual, compile};

/// wasm-bindgen's command line. Its version must equal that of the crate.
pub(crate) const WASM_BINDGEN: CargoTool =
    CargoTool { package: "wasm-bindgen-cli", program: "wasm-bindgen", version: "0.2.126", optimised: true, minutes: 5 };

/// Runs the wasm tests.
pub(crate) const WASM_PACK: CargoTool =
    CargoTool { package: "wasm-pack", program: "wasm-pack", version: "0.15.0", optimised: false, minutes: 3 };

/// Firefox's driver, which Debian does not have.
pub(crate) const GECKODRIVER: CargoTool =
    CargoTool { package: "geckodriver", program: "geckodriver", version: "0.37.1", optimised: false, minutes: 3 };

/// Builds the fuzz targets.
pub(crate) const CARGO_FUZZ: CargoTool =
    CargoTool { package: "cargo-fuzz", program: "cargo-fuzz", version: "0.13.2", optimised: false, minutes: 1 };

/// A program from crates.io, at exactly this version, in a folder that only this project uses.
#[derive(Debug)]
pub(crate) struct CargoTool {
    package: &'static str,
    program: &'static str,
    version: &'static str,
    /// Whether it computes for so long that optimising it pays.
    optimised: bool,
    /// How long its compilation takes on two processors.
    minutes: u64,
}

impl CargoTool {
    /// The path of the program.
    ///
    /// # Errors
    /// This user has no cache folder.
    pub(crate) fn path(&self) -> Result<PathBuf> {
        Ok(folder()?.join("bin").join(self.program))
    }

    /// A command that starts the program.
    ///
    /// # Errors
    /// This user has no cache folder.
    pub(crate) fn start(&self) -> Result<Command> {
        Ok(Command::new(self.path()?))
    }
}

impl Dependency for CargoTool {
    fn name(&self) -> String {
        format!("{} {}", self.package, self.version)
    }

    fn place(&self) -> Result<String> {
        Ok(format!("from crates.io, into {}", folder()?.join("bin").display()))
    }

    fn command(&self) -> Result<String> {
        let Self { package, version, .. } = self;
        let debug = if self.optimised { "" } else { " --debug" };
        Ok(format!("cargo install --locked{debug} {package} --version {version} --root {}", folder()?.display()))
    }

    fn usual(&self) -> Usual {
        Usual::minutes(self.minutes)
    }

    fn is_installed(&self) -> Result<bool> {
        // A program that does not start has to be installed again.
        let output = self.start()?.arg("--version").output();
        Ok(output.is_ok_and(|output| {
            String::from_utf8_lossy(&output.stdout).split_whitespace().any(|word| word == self.version)
        }))
    }

    fn install(&self) -> Result<()> {
        let (folder, build) = (folder()?, folder()?.join("build"));
        let mut install = compile("install", &["--locked", self.package, "--version", self.version]);
        if !self.optimised {
            install.arg("--debug");
        }
        steps::run(install.arg("--root").arg(&folder).env("CARGO_TARGET_DIR", &build))?;
        fs::remove_dir_all(&build).with_context(|| format!("cannot remove {}", build.display()))
    }
}

/// The folder of the project's tools, outside the target folder, which is deleted more often.
///
/// # Errors
/// This user has no cache folder.
pub(crate) fn folder() -> Result<PathBuf> {
    Ok(dirs::cache_dir()
        .context("this user has no cache folder; set XDG_CACHE_HOME or HOME")?
        .join("mango-scout/tools"))
}
