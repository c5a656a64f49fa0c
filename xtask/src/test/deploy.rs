//! Checks of the files of `relay/deploy`, each by a tool for its format.

mod board;
mod kserve;
mod unit;

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::setup::{self, DEPLOY, DEPLOY_CHECKS, on_path};
use crate::steps::{self, Checks, Usual, repeat_command, root};

/// Installs the tools and runs the checks.
///
/// # Errors
/// Names the checks that failed.
pub(crate) fn run() -> Result<()> {
    setup::ensure(&DEPLOY_CHECKS)?;
    let mut checks = Checks::new("deploy");
    add(&mut checks);
    checks.run(|_| repeat_command())
}

/// Adds the checks. nginx's configuration is not included, since the relay's tests run it.
pub(super) fn add(checks: &mut Checks) {
    checks.add("deploy: image", Usual::SHORT, image);
    checks.add("deploy: Kubernetes", Usual::SHORT, kubernetes);
    checks.add("deploy: systemd", Usual::SHORT, unit::check);
    checks.add("deploy: Prometheus, Grafana", Usual::SHORT, prometheus);
    checks.add("deploy: Windows", Usual::SHORT, windows);
}

/// A file of the folder.
fn file(name: &str) -> PathBuf {
    root().join("relay/deploy").join(name)
}

fn image() -> Result<()> {
    let programs = DEPLOY.programs()?;
    steps::run(Command::new(programs.join("hadolint")).arg(file("Dockerfile")))
}

fn kubernetes() -> Result<()> {
    let programs = DEPLOY.programs()?;
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
    let programs = DEPLOY.programs()?;
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
        eprintln!("NOT CHECKED: {program} is missing; install it, or leave this check to CI");
    }
    Ok(found)
}
