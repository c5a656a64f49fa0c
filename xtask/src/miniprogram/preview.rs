//! `cargo xtask preview`: the mini-program in a browser, against a relay of its own.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use crate::setup;
use crate::steps;
use crate::wasm;

/// What the relay prints when it is ready, before its address.
const READY: &str = "mango-relay ready: https://";

/// Builds wasm, mini-program and relay, and serves them until it is interrupted.
///
/// # Errors
/// Something cannot be built or started.
pub(crate) fn run(port: u16, language: &str, open: bool) -> Result<()> {
    let tests = super::tests::folder();
    setup::npm_packages(&tests)?;
    wasm::run()?;
    super::assemble()?;
    // The one that the tests run: whoever does both compiles burn once.
    let relay = Relay::start(&super::tests::relay()?)?;
    let mut preview = Command::new("node");
    preview.arg(tests.join("harness/preview.js")).args(["--relay", &relay.address, "--language", language]);
    preview.arg("--ca").arg(&relay.certificate).args(["--port", &port.to_string()]);
    if open {
        preview.arg("--open");
    }
    steps::run(&mut preview)
}

/// A relay on a free port, with its development certificate. It ends with this.
struct Relay {
    process: Child,
    address: String,
    certificate: PathBuf,
}

impl Relay {
    fn start(program: &Path) -> Result<Self> {
        let cache =
            dirs::cache_dir().context("this user has no cache folder, where the relay keeps its certificate")?;
        let process = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the relay")?;
        // Made before what can fail, so that the process ends with it.
        let certificate = cache.join("mango-relay/dev-certificate/cert.pem");
        let mut relay = Self { process, address: String::new(), certificate };
        let output = relay.process.stdout.take().context("the relay has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).context("cannot read what the relay says")?;
        let port = line.strip_prefix(READY).and_then(|rest| rest.split([':', ' ']).nth(1));
        let port = port.with_context(|| format!("the relay did not start: it said {line:?}"))?;
        // The name that the certificate holds for.
        relay.address = format!("https://localhost:{port}");
        Ok(relay)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
