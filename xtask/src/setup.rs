//! Dependencies of the checks beyond the toolchain.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::browser;
use crate::deploy;
use crate::engines;
use crate::machine::{install_from_debian, on_path};
use crate::steps::{self, root};
use crate::wasm::tools::{self, WASM_BINDGEN, WASM_PACK};

/// The target for phones.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The target of small servers and boards, for which there are kernels too.
pub(crate) const ARM: &str = "aarch64-unknown-linux-gnu";

/// Installs all missing dependencies; quick if nothing is missing.
///
/// # Errors
/// Names what could not be installed.
pub(crate) fn run() -> Result<()> {
    wasm_packages()?;
    rust_target(ARM)?;
    cargo_tool("wasm-pack", "wasm-pack", WASM_PACK)?;
    openssl()?;
    nginx()?;
    deploy::install()?;
    promtool()?;
    browser::install()?;
    engines::install_shell()
}

/// The relay's tests use openssl to make certificates, and as a server with a single TLS version.
fn openssl() -> Result<()> {
    if on_path("openssl").is_none() {
        install_from_debian(&["openssl"])?;
    }
    on_path("openssl").map(|_| ()).context("the program openssl is needed for the relay's tests; install it")
}

/// The relay's tests run relays behind nginx.
fn nginx() -> Result<()> {
    // On Debian it is in a folder that only root's PATH contains.
    let found = || on_path("nginx").is_some() || Path::new("/usr/sbin/nginx").is_file();
    if !found() {
        install_from_debian(&["nginx"])?;
    }
    found().then_some(()).context("the program nginx is needed for the relay's tests; install it")
}

/// The relay's tests check the metrics with promtool.
fn promtool() -> Result<()> {
    if on_path("promtool").is_none() {
        install_from_debian(&["prometheus"])?;
    }
    on_path("promtool").map(|_| ()).context("the program promtool is needed for the relay's tests; install Prometheus")
}

/// Installs the build dependencies of the wasm packages.
///
/// # Errors
/// Those of [`run`].
pub(crate) fn wasm_packages() -> Result<()> {
    rust_target(WASM)?;
    cargo_tool("wasm-bindgen-cli", "wasm-bindgen", WASM_BINDGEN)?;
    npm_packages(&root().join("wasm"))
}

/// Adds a target: that rust-toolchain.toml names it does not install it where automatic installs are off.
///
/// # Errors
/// It cannot be added.
pub(crate) fn rust_target(target: &str) -> Result<()> {
    let output = Command::new("rustc").args(["--print", "sysroot"]).output().context("cannot start rustc")?;
    let sysroot = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if Path::new(&sysroot).join("lib/rustlib").join(target).is_dir() {
        return Ok(());
    }
    steps::run(Command::new("rustup").args(["target", "add", target]))
        .with_context(|| format!("cannot add {target}; install the toolchain with rustup"))
}

/// Installs a program from crates.io, at exactly this version, in a folder that only this project uses.
///
/// # Errors
/// It cannot be installed.
pub(crate) fn cargo_tool(package: &str, program: &str, version: &str) -> Result<()> {
    if answers(tools::cargo_tool(program)?, version) {
        return Ok(());
    }
    let folder = tools::folder()?;
    let mut install = steps::cargo(&["install", "--locked", "--quiet", package, "--version", version, "--root"]);
    install.arg(&folder).env("CARGO_TARGET_DIR", folder.join("build"));
    steps::run(&mut install).with_context(|| format!("cannot install {package} {version} from crates.io"))?;
    fs::remove_dir_all(folder.join("build")).context("cannot remove the tool's build folder")
}

fn answers(mut program: Command, version: &str) -> bool {
    let output = program.arg("--version").output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).split_whitespace().any(|word| word == version))
}

/// Installs the packages of a folder's `package-lock.json`, unless that was already done.
///
/// # Errors
/// npm is missing or fails.
pub(crate) fn npm_packages(folder: &Path) -> Result<()> {
    let lock = fs::read(folder.join("package-lock.json")).context("cannot read package-lock.json")?;
    let mark = folder.join("node_modules/.installed-from");
    if fs::read(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let status =
        Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(folder).status();
    match status {
        Ok(status) if status.success() => Ok(fs::write(mark, lock)?),
        Ok(status) => bail!("npm ci in {} ended with {status}", folder.display()),
        Err(error) => bail!("cannot start npm ({error}); install Node.js 20 or newer, which brings it"),
    }
}
