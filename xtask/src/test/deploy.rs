//! Checks of the files of `relay/deploy`, each by a tool for its format.

mod board;
pub(crate) mod copies;
mod kserve;
mod unit;

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::machine::{install_from_debian, on_path};
use crate::python;
use crate::steps::{self, Steps, root};

/// Tools from PyPI.
const REQUIREMENTS: &str = "relay/deploy/requirements.txt";

/// Tools from Debian, and the packages that hold them.
const FROM_DEBIAN: [(&str, &str); 2] = [("promtool", "prometheus"), ("systemd-analyze", "systemd")];

/// Installs the tools that check the files, as far as possible on this machine.
///
/// # Errors
/// Names what could not be installed.
pub(crate) fn install() -> Result<()> {
    let missing = FROM_DEBIAN.iter().filter(|(program, _)| on_path(program).is_none());
    let packages: Vec<&str> = missing.map(|(_, package)| *package).collect();
    if !packages.is_empty() {
        install_from_debian(&packages)?;
    }
    python::venv(Path::new(REQUIREMENTS)).map(|_| ())
}

/// Installs the tools and runs the checks.
///
/// # Errors
/// Names the checks that failed.
pub(crate) fn run() -> Result<()> {
    install()?;
    let mut steps = Steps::default();
    add(&mut steps);
    steps.run(None)
}

/// Adds the checks. nginx's configuration is not included, since the relay's tests run it.
pub(crate) fn add(steps: &mut Steps) {
    steps.step("deploy: image", image);
    steps.step("deploy: Kubernetes", kubernetes);
    steps.step("deploy: systemd", unit::check);
    steps.step("deploy: Prometheus, Grafana", prometheus);
    steps.step("deploy: Windows", windows);
}

/// A file of the folder.
fn file(name: &str) -> PathBuf {
    root().join("relay/deploy").join(name)
}

fn image() -> Result<()> {
    let programs = python::venv(Path::new(REQUIREMENTS))?;
    steps::run(Command::new(programs.join("hadolint")).arg(file("Dockerfile")))
}

fn kubernetes() -> Result<()> {
    let programs = python::venv(Path::new(REQUIREMENTS))?;
    let validate = |files: &[PathBuf]| {
        steps::run(Command::new(programs.join("kubernetes-validate")).args(["--strict", "--quiet"]).args(files))
    };
    let manifests = ["deployment", "service", "autoscaler", "disruption-budget", "network-policy"];
    validate(&manifests.map(|name| file(&format!("kubernetes/{name}.yaml"))))?;
    let folder = tempfile::tempdir()?;
    let pod = folder.path().join("pod.json");
    kserve::write_pod(&programs.join("python"), &file("kserve/mango-leaf.yaml"), &pod)?;
    validate(&[pod])
}

fn prometheus() -> Result<()> {
    let Some(promtool) = tool("promtool")? else { return Ok(()) };
    let run = |args: &[&str], file: &Path| steps::run(Command::new(&promtool).args(args).arg(file));
    run(&["check", "config"], &file("prometheus/prometheus.yml"))?;
    run(&["test", "rules"], &file("prometheus/mango-relay.rules.test.yml"))?;
    let folder = tempfile::tempdir()?;
    let rules = folder.path().join("board.rules.yml");
    board::write_rules(&file("grafana/mango-relay.json"), &rules)?;
    run(&["check", "rules", "--lint-fatal"], &rules)
}

/// Without Windows only the XML syntax can be checked.
fn windows() -> Result<()> {
    let programs = python::venv(Path::new(REQUIREMENTS))?;
    let parse = "import sys, xml.etree.ElementTree as tree\nfor file in sys.argv[1:]: tree.parse(file)";
    let files = ["mango-relay.xml", "web.config"].map(|name| file("windows").join(name));
    steps::run(Command::new(programs.join("python")).args(["-c", parse]).args(files))
}

/// A tool from Debian. If it cannot be installed, its check is skipped with a message; in CI that is an error.
fn tool(program: &str) -> Result<Option<PathBuf>> {
    let found = on_path(program);
    if found.is_none() {
        if env::var_os("CI").is_some() {
            bail!("{program} is missing, which set-up installs on Debian");
        }
        eprintln!("NOT CHECKED: {program} is missing; install it, or leave it to CI");
    }
    Ok(found)
}
