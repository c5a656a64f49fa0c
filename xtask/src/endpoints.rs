//! Checks of the relay's endpoints with third-party programs: a browser, the clients of model servers and schemathesis.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::miniprogram::tests::relay;
use crate::python;
use crate::running::Relay;
use crate::setup;
use crate::steps::{self, Steps, root};

/// The clients from PyPI, with pinned versions.
const REQUIREMENTS: &str = "relay/tests/clients/requirements.txt";

/// MLServer and KServe, which need other versions of the same libraries.
const SERVERS: &str = "relay/tests/clients/requirements-servers.txt";

/// Adds the checks. The relay and the mini-program's test dependencies were built before.
pub(crate) fn add(steps: &mut Steps) {
    steps.step("the relay's page and that of the review, in a browser", pages);
    steps.step("the relay's /v2, by tritonclient", || client("triton.py", REQUIREMENTS));
    steps.step("the relay's /v2, by mlserver's codecs", || client("by_mlserver.py", SERVERS));
    steps.step("the relay's /v2, by kserve's client", || client("by_kserve.py", SERVERS));
    steps.step("the relay's /openapi.json, by schemathesis", schemathesis);
}

fn pages() -> Result<()> {
    // The browser driver is a dependency of the mini-program's tests.
    setup::npm_packages(&crate::miniprogram::tests::folder())?;
    let mut node = Command::new("node");
    let tests = ["page.test.js", "review.test.js"].map(|test| root().join("relay/tests/page").join(test));
    node.args(["--test", "--test-concurrency=1"]).args(tests).env("MANGO_RELAY", relay()?);
    steps::run(&mut node)
}

/// Runs a client of `relay/tests/clients` against a relay.
fn client(script: &str, requirements: &str) -> Result<()> {
    let programs = python::venv(Path::new(requirements))?;
    let relay = start(&format!("{script}.log"))?;
    let mut python = Command::new(programs.join("python"));
    python.arg(root().join("relay/tests/clients").join(script)).arg(&relay.address).arg(&relay.certificate);
    steps::run(&mut python)
}

fn schemathesis() -> Result<()> {
    let programs = python::venv(Path::new(REQUIREMENTS))?;
    let log = "schemathesis.log";
    let relay = start(log)?;
    let clients = root().join("relay/tests/clients");
    let mut check = Command::new(programs.join("schemathesis"));
    check.env("SCHEMATHESIS_HOOKS", clients.join("photos.py"));
    check.arg("--config-file").arg(clients.join("schemathesis.toml"));
    check.args(["run", "--tls-verify"]).arg(&relay.certificate).arg(format!("{}/openapi.json", relay.address));
    // It stores its findings in the working folder.
    let folder = output_folder()?;
    steps::run(check.current_dir(&folder))?;
    let log = fs::read_to_string(folder.join(log)).context("cannot read the relay's log")?;
    ensure!(!log.contains("panicked"), "the relay panicked:\n{log}");
    Ok(())
}

/// A relay whose log goes to a file: thousands of requests would hide the output of the checks.
fn start(log: &str) -> Result<Relay> {
    let log = File::create(output_folder()?.join(log)).context("cannot write the relay's log")?;
    Relay::start(&relay()?, Stdio::from(log))
}

/// The folder for logs and other files of the checks.
fn output_folder() -> Result<PathBuf> {
    let folder = env::temp_dir().join("mango-relay-endpoints");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}
