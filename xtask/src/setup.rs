//! Dependencies of the commands beyond the toolchain: what is missing, and its installation.

mod cargo_tool;
mod chromium;
mod debian;
mod dependency;
mod node;
mod programs;
mod python;
mod rust;
mod weights;

use anyhow::{Result, bail};

pub(crate) use cargo_tool::{CARGO_FUZZ, GECKODRIVER, WASM_BINDGEN, WASM_PACK, folder};
pub(crate) use chromium::{Chromium, flags};
pub(crate) use debian::on_path;
pub(crate) use dependency::Dependency;
pub(crate) use node::{Npm, npm_program};
pub(crate) use programs::{
    APACHE_BENCH, ARM_LINKER, CHROMIUM, FIREFOX, JAVASCRIPT_CORE, NGINX, OPENSSL, PROMTOOL, PYTHON, QEMU, SYSTEMD,
    WEBKIT, XVFB, firefox, mini_browser,
};
pub(crate) use python::Python;

use crate::steps::Progress;
use node::NODE;
use rust::Target;
use weights::Weights;

/// The target for phones.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The target of small servers and boards, for which there are kernels too.
pub(crate) const ARM: &str = "aarch64-unknown-linux-gnu";

/// The standard library for [`WASM`].
const WASM_TARGET: Target = Target(WASM);

/// Tools from npm that build the wasm packages.
const WASM_TOOLS: Npm = Npm("wasm");

/// The standard library for [`ARM`].
pub(crate) const ARM_TARGET: Target = Target(ARM);

/// Dependencies of the mini-program's tests and preview.
pub(crate) const MINIPROGRAM_TESTS: Npm = Npm("miniprogram/tests");

/// Tools for the files of `relay/deploy`.
pub(crate) const DEPLOY: Python = Python("relay/deploy/requirements.txt");

/// Clients of the relay's tests.
pub(crate) const CLIENTS: Python = Python("relay/tests/clients/requirements.txt");

/// MLServer and KServe, which need other versions of the same libraries.
pub(crate) const SERVERS: Python = Python("relay/tests/clients/requirements-servers.txt");

/// A dependency of a command.
pub(crate) type Need = &'static dyn Dependency;

/// The build dependencies of the wasm packages.
pub(crate) const WASM_PACKAGES: [Need; 4] = [&WASM_TARGET, &NODE, &WASM_BINDGEN, &WASM_TOOLS];

/// The dependencies of the checks of `relay/deploy`.
pub(crate) const DEPLOY_CHECKS: [Need; 4] = [&PROMTOOL, &SYSTEMD, &PYTHON, &DEPLOY];

/// The engines that run the packages, and their drivers.
pub(crate) const ENGINES: [Need; 6] = [&CHROMIUM, &FIREFOX, &GECKODRIVER, &WEBKIT, &XVFB, &JAVASCRIPT_CORE];

/// The dependencies of every check of `cargo xtask test`.
pub(crate) fn of_all_checks() -> Vec<Need> {
    let programs: [Need; 4] = [&OPENSSL, &NGINX, &QEMU, &ARM_LINKER];
    let tools: [Need; 6] = [&ARM_TARGET, &WASM_PACK, &MINIPROGRAM_TESTS, &CLIENTS, &SERVERS, &Weights];
    [&programs[..], &ENGINES, &DEPLOY_CHECKS, &WASM_PACKAGES, &tools].concat()
}

/// The dependencies that are not installed.
///
/// # Errors
/// rustc does not start, or a lock file cannot be read.
pub(crate) fn missing(needs: &[Need]) -> Result<Vec<Need>> {
    let mut missing = Vec::new();
    for need in needs {
        if !need.is_installed()? {
            missing.push(*need);
        }
    }
    Ok(missing)
}

/// A list of missing dependencies: the name, the place, whether root is needed, and the command of each.
///
/// # Errors
/// This user has no cache folder.
fn describe(missing: &[Need]) -> Result<String> {
    let mut text = String::new();
    for need in missing {
        let root = if need.needs_root() { ", AS ROOT" } else { "" };
        text += &format!("\n  {}: {}{root}\n    {}", need.name(), need.place()?, need.command()?);
    }
    Ok(text)
}

/// Lists missing dependencies before they are installed.
///
/// # Errors
/// This user has no cache folder.
pub(crate) fn announce(missing: &[Need]) -> Result<()> {
    let (automatic, by_hand): (Vec<Need>, Vec<Need>) = missing.iter().partition(|need| need.is_installable());
    if !automatic.is_empty() {
        eprintln!("to be installed by this command:{}", describe(&automatic)?);
    }
    if !by_hand.is_empty() {
        eprintln!("to be installed by you:{}", describe(&by_hand)?);
    }
    Ok(())
}

/// Installs missing dependencies, after a list of them. Returns quickly if nothing is missing.
///
/// # Errors
/// Names what could not be installed.
pub(crate) fn ensure(needs: &[Need]) -> Result<()> {
    let missing = missing(needs)?;
    announce(&missing)?;
    install(&missing)
}

/// Installs dependencies, also those after one that cannot be installed.
///
/// # Errors
/// Names what could not be installed, and why.
pub(crate) fn install(missing: &[Need]) -> Result<()> {
    let missing: Vec<&Need> = missing.iter().filter(|need| !need.is_fetched_by_a_check()).collect();
    let mut progress = Progress::new("set-up", missing.len());
    let mut faults = String::new();
    for need in missing {
        let installed = progress.step(&need.name(), need.usual(), || {
            need.install()?;
            if !need.is_installed()? {
                bail!("it is still missing; install it yourself: {}", need.command()?);
            }
            Ok(())
        });
        if let Err(error) = installed {
            faults += &format!("\n  {error:#}");
        }
    }
    if !faults.is_empty() {
        bail!("not installed:{faults}");
    }
    Ok(())
}

/// Stops a run that must not install anything.
///
/// # Errors
/// Something is missing; the error says what, and the command that installs each.
pub(crate) fn refuse(missing: &[Need]) -> Result<()> {
    if !missing.is_empty() {
        bail!("dependencies are missing, and --no-install was given:{}", describe(missing)?);
    }
    Ok(())
}

/// `cargo xtask setup`: installs all dependencies of the checks.
///
/// # Errors
/// Names what could not be installed.
pub(crate) fn run() -> Result<()> {
    let mut needs = of_all_checks();
    needs.retain(|need| !need.is_fetched_by_a_check());
    ensure(&needs)?;
    println!("every dependency of the checks is installed");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::Usual;

    /// A dependency that cannot be installed.
    struct Unobtainable;

    impl Dependency for Unobtainable {
        fn name(&self) -> String {
            "mango press 2.0".to_owned()
        }

        fn place(&self) -> Result<String> {
            Ok("into /opt/press".to_owned())
        }

        fn command(&self) -> Result<String> {
            Ok("install-press --version 2.0".to_owned())
        }

        fn needs_root(&self) -> bool {
            true
        }

        fn usual(&self) -> Usual {
            Usual::SHORT
        }

        fn is_installed(&self) -> Result<bool> {
            Ok(false)
        }

        fn install(&self) -> Result<()> {
            Ok(())
        }
    }

    const ALL: [Need; 2] = [&Unobtainable, &Unobtainable];

    #[test]
    fn what_is_missing_is_described_with_place_user_and_command() {
        let missing = missing(&ALL[..1]).unwrap();
        assert_eq!(
            describe(&missing).unwrap(),
            "\n  mango press 2.0: into /opt/press, AS ROOT\n    install-press --version 2.0"
        );
    }

    #[test]
    fn without_installing_anything_missing_is_an_error_with_its_command() {
        refuse(&[]).unwrap();
        let error = refuse(&ALL).unwrap_err().to_string();
        assert!(error.contains("--no-install") && error.matches("install-press").count() == 2, "{error}");
    }

    #[test]
    fn every_installation_is_tried_and_checked() {
        let error = install(&ALL).unwrap_err().to_string();
        assert_eq!(error.matches("still missing").count(), 2, "{error}");
    }

    #[test]
    fn every_dependency_of_the_checks_says_how_it_is_installed() {
        let needs = of_all_checks();
        for need in &needs {
            assert!(
                !need.name().is_empty() && !need.place().unwrap().is_empty() && !need.command().unwrap().is_empty()
            );
        }
        let mut names: Vec<String> = needs.iter().map(|need| need.name()).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), needs.len(), "a dependency is named twice");
    }
}
