//! Targets of the Rust toolchain.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::Dependency;
use crate::steps::{self, Usual, output};

/// A target's standard library. That rust-toolchain.toml names it does not install it where automatic installs are off.
#[derive(Debug)]
pub(crate) struct Target(pub(crate) &'static str);

impl Dependency for Target {
    fn name(&self) -> String {
        format!("Rust's target {}", self.0)
    }

    fn place(&self) -> Result<String> {
        Ok(format!("by rustup, into {}", sysroot()?.display()))
    }

    fn command(&self) -> Result<String> {
        Ok(format!("rustup target add {}", self.0))
    }

    fn usual(&self) -> Usual {
        Usual::seconds(30)
    }

    fn is_installed(&self) -> Result<bool> {
        Ok(sysroot()?.join("lib/rustlib").join(self.0).is_dir())
    }

    fn install(&self) -> Result<()> {
        steps::run(Command::new("rustup").args(["target", "add", self.0])).context("install the toolchain with rustup")
    }
}

fn sysroot() -> Result<PathBuf> {
    Ok(output(Command::new("rustc").args(["--print", "sysroot"]))?.trim().into())
}
