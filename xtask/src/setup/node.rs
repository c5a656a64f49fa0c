//! Node.js and packages from npm.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::Dependency;
use crate::steps::{self, Usual, root};

/// Node.js with npm.
pub(super) const NODE: Node = Node;

/// The oldest major version of Node.js that will do.
const OLDEST: u32 = 20;

/// npm's arguments: exactly the versions of the lock file, and no scripts of packages.
const CI: [&str; 4] = ["ci", "--no-audit", "--no-fund", "--ignore-scripts"];

/// npm's description of what it installed, within `node_modules`.
const INSTALLED: &str = "node_modules/.package-lock.json";

/// Node.js, which is not installed automatically.
#[derive(Debug)]
pub(crate) struct Node;

impl Dependency for Node {
    fn name(&self) -> String {
        format!("Node.js {OLDEST} or newer, with npm")
    }

    fn place(&self) -> Result<String> {
        Ok("into the system".to_owned())
    }

    fn command(&self) -> Result<String> {
        Ok(format!("apt-get install nodejs npm, if `node --version` is then v{OLDEST} or newer"))
    }

    fn is_installable(&self) -> bool {
        false
    }

    fn usual(&self) -> Usual {
        Usual::SHORT
    }

    fn is_installed(&self) -> Result<bool> {
        let version = |program: &str| Some(Command::new(program).arg("--version").output().ok()?.stdout);
        let node = version("node").as_deref().and_then(major);
        Ok(node.is_some_and(|major| major >= OLDEST) && version("npm").is_some())
    }

    fn install(&self) -> Result<()> {
        bail!("install Node.js {OLDEST} or newer with npm, from your system's packages or nodejs.org")
    }
}

/// The major version in the output of `node --version`.
fn major(output: &[u8]) -> Option<u32> {
    std::str::from_utf8(output).ok()?.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// The packages of a folder's `package-lock.json`. The folder is relative to the root of the repository.
#[derive(Debug)]
pub(crate) struct Npm(pub(crate) &'static str);

impl Npm {
    fn folder(&self) -> PathBuf {
        root().join(self.0)
    }

    fn read(&self, file: &str) -> Result<Value> {
        let path = self.folder().join(file);
        let text = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_slice(&text).with_context(|| format!("{} is not JSON", path.display()))
    }
}

impl Dependency for Npm {
    fn name(&self) -> String {
        format!("npm packages of {}", self.0)
    }

    fn place(&self) -> Result<String> {
        Ok(format!("from npm, into {}", self.folder().join("node_modules").display()))
    }

    fn command(&self) -> Result<String> {
        Ok(format!("npm {} --prefix {}", CI.join(" "), self.folder().display()))
    }

    fn usual(&self) -> Usual {
        Usual::seconds(30)
    }

    fn is_installed(&self) -> Result<bool> {
        let wanted = self.read("package-lock.json")?;
        Ok(self.read(INSTALLED).is_ok_and(|installed| has_all(&installed, &wanted)))
    }

    fn install(&self) -> Result<()> {
        steps::run(Command::new("npm").args(CI).current_dir(self.folder()))
    }
}

/// Whether every package of a lock file is among the installed ones, in its version. Optional packages are for other
/// platforms.
fn has_all(installed: &Value, wanted: &Value) -> bool {
    let Some(wanted) = wanted["packages"].as_object() else { return false };
    wanted
        .iter()
        .filter(|(path, package)| !path.is_empty() && package["optional"] != true)
        .all(|(path, package)| installed["packages"][path]["version"] == package["version"])
}

/// A program of the packages that build the wasm packages.
pub(crate) fn npm_program(name: &str) -> Command {
    Command::new(super::WASM_TOOLS.folder().join("node_modules/.bin").join(name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn packages_are_installed_in_the_versions_of_the_lock_file() {
        let lock = json!({ "packages": {
            "": { "name": "tests" },
            "node_modules/esbuild": { "version": "0.25.0" },
            "node_modules/@esbuild/win32-x64": { "version": "0.25.0", "optional": true },
        } });
        let installed = |version: &str| json!({ "packages": { "node_modules/esbuild": { "version": version } } });
        assert!(has_all(&installed("0.25.0"), &lock));
        assert!(!has_all(&installed("0.24.0"), &lock));
        assert!(!has_all(&json!({}), &lock));
        assert!(!has_all(&installed("0.25.0"), &json!({})));
    }

    #[test]
    fn nodes_version_is_read() {
        assert_eq!(major(b"v20.20.2\n"), Some(20));
        assert_eq!(major(b"node: command not found"), None);
    }
}
