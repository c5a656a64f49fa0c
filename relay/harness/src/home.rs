//! A home folder for one relay.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::Log;

/// A temporary home folder. Dropping it removes the folder.
#[derive(Debug)]
pub struct Home {
    folder: TempDir,
}

impl Home {
    /// An empty home folder.
    ///
    /// # Errors
    /// There is no place for a temporary folder.
    pub fn new() -> Result<Self> {
        Ok(Self { folder: tempfile::tempdir().context("cannot make a temporary folder")? })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Makes this a program's home folder.
    pub fn set(&self, command: &mut Command) {
        command.env("HOME", self.path()).env("XDG_CACHE_HOME", self.path().join("cache"));
    }

    /// The file for the log of the relay with this home.
    pub fn log(&self) -> Log {
        Log::File(self.path().join("log"))
    }

    /// The files of the relay's development certificate, chain and key.
    pub fn certificate(&self) -> [PathBuf; 2] {
        // macOS has a folder of its own and ignores the variable.
        let [usual, mac] = ["cache", "Library/Caches"].map(|cache| development_certificate(&self.path().join(cache)));
        if mac[0].exists() { mac } else { usual }
    }
}

/// The files of the development certificate, chain and key, of a relay with this cache folder.
pub fn development_certificate(cache: &Path) -> [PathBuf; 2] {
    ["cert.pem", "key.pem"].map(|file| cache.join("mango-relay/dev-certificate").join(file))
}
