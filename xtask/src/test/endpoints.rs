//! Checks of the relay's endpoints with third-party programs: a browser, the clients of model servers and schemathesis.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use mango_relay_harness::{Log, Relay, end_of, serve};

use super::node::tests_below;
use crate::relay::{of_checks, users_certificate};
use crate::setup::{self, CLIENTS, MINIPROGRAM_TESTS, Python, SERVERS};
use crate::steps::{self, Checks, Usual, root};

/// Adds the checks. The relay and the mini-program's test dependencies were built before.
pub(crate) fn add(checks: &mut Checks) {
    checks.add("the relay's pages, in a browser", Usual::minutes(1), pages);
    checks.add("the relay's /v2, by tritonclient", Usual::seconds(15), || client("triton.py", &CLIENTS));
    checks.add("the relay's /v2, by mlserver's codecs", Usual::seconds(15), || client("by_mlserver.py", &SERVERS));
    checks.add("the relay's /v2, by kserve's client", Usual::seconds(15), || client("by_kserve.py", &SERVERS));
    checks.add("the relay's /openapi.json, by schemathesis", Usual::minutes(1), schemathesis);
}

fn pages() -> Result<()> {
    // The browser driver is a dependency of the mini-program's tests.
    setup::ensure(&[&MINIPROGRAM_TESTS])?;
    steps::run(tests_below(&[root().join("relay/tests/page")])?.env("MANGO_RELAY", of_checks()?))
}

/// Runs a client of `relay/tests/clients` against a relay.
fn client(script: &str, packages: &'static Python) -> Result<()> {
    let programs = packages.programs()?;
    let relay = start(&format!("{script}.log"))?;
    let mut python = Command::new(programs.join("python"));
    python.arg(root().join("relay/tests/clients").join(script)).arg(relay.url("")).arg(users_certificate()?);
    steps::run(&mut python)
}

fn schemathesis() -> Result<()> {
    let programs = CLIENTS.programs()?;
    let log = "schemathesis.log";
    let relay = start(log)?;
    let clients = root().join("relay/tests/clients");
    let mut check = Command::new(programs.join("schemathesis"));
    check.env("SCHEMATHESIS_HOOKS", clients.join("photos.py"));
    check.arg("--config-file").arg(clients.join("schemathesis.toml"));
    check.args(["run", "--tls-verify"]).arg(users_certificate()?).arg(relay.url("/openapi.json"));
    // It stores its findings in the working folder.
    let folder = output_folder()?;
    steps::run(check.current_dir(&folder))?;
    let file = folder.join(log);
    let log = fs::read_to_string(&file).context("cannot read the relay's log")?;
    ensure!(!log.contains("panicked"), "the relay panicked; the end of its log {}:\n{}", file.display(), end_of(&log));
    Ok(())
}

/// A relay whose log goes to a file: thousands of requests would hide the output of the checks.
fn start(log: &str) -> Result<Relay> {
    Relay::start(serve(&of_checks()?), Log::File(output_folder()?.join(log)))
}

/// The folder for logs and other files of the checks.
fn output_folder() -> Result<PathBuf> {
    let folder = env::temp_dir().join("mango-relay-endpoints");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}
