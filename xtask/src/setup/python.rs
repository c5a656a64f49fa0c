//! Packages from PyPI, each set in its own virtual environment.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Result;

use super::Dependency;
use super::cargo_tool::folder;
use crate::steps::{self, Usual, root};

/// Exits with 0 if every `name==version` of a requirements file is installed.
const CHECK: &str = "
import sys
from importlib.metadata import version
lines = [line.partition('#')[0].strip() for line in open(sys.argv[1])]
pairs = [line.split('==') for line in lines if line]
sys.exit(any(version(name) != pinned for name, pinned in pairs))
";

/// pip's arguments before the requirements file.
const PIP: [&str; 7] =
    ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--requirement"];

/// The packages of a requirements file, whose path is relative to the root of the repository.
#[derive(Debug)]
pub(crate) struct Python(pub(crate) &'static str);

impl Python {
    /// The folder of the environment's programs, also `python`. Installs them if they are missing.
    ///
    /// # Errors
    /// They cannot be installed.
    pub(crate) fn programs(&'static self) -> Result<PathBuf> {
        super::ensure(&[&super::PYTHON, self])?;
        self.bin()
    }

    fn environment(&self) -> Result<PathBuf> {
        let parts: Vec<_> =
            Path::new(self.0).with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
        Ok(folder()?.join("python").join(parts.join("-")))
    }

    fn bin(&self) -> Result<PathBuf> {
        Ok(self.environment()?.join(if cfg!(windows) { "Scripts" } else { "bin" }))
    }
}

impl Dependency for Python {
    fn name(&self) -> String {
        format!("Python packages of {}", self.0)
    }

    fn place(&self) -> Result<String> {
        Ok(format!("from PyPI, into {}", self.environment()?.display()))
    }

    fn command(&self) -> Result<String> {
        let (environment, python, file) = (self.environment()?, self.bin()?.join("python"), root().join(self.0));
        let (environment, python, file) = (environment.display(), python.display(), file.display());
        Ok(format!("python3 -m venv --clear {environment} && {python} -m pip install --requirement {file}"))
    }

    fn usual(&self) -> Usual {
        Usual::minutes(2)
    }

    /// The interpreter that the environment links to may have been removed: then nothing starts.
    fn is_installed(&self) -> Result<bool> {
        let mut check = Command::new(self.bin()?.join("python"));
        check.args(["-c", CHECK]).arg(root().join(self.0)).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(check.status().is_ok_and(|status| status.success()))
    }

    fn install(&self) -> Result<()> {
        steps::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(self.environment()?))?;
        steps::run(Command::new(self.bin()?.join("python")).args(PIP).arg(root().join(self.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_are_compared_with_what_is_installed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("requirements.txt");
        let passes = |text: &str| {
            std::fs::write(&file, text).unwrap();
            let mut check = Command::new("python3");
            let status = check.args(["-c", CHECK]).arg(&file).stderr(Stdio::null()).status().unwrap();
            status.success()
        };
        assert!(passes("# Nothing is needed.\n\n"));
        assert!(!passes("mango-scout-is-not-on-pypi==1.0\n"));
    }
}
