//! A running relay for checks and previews.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

/// The text before the address in the ready line.
const READY: &str = "mango-relay ready: https://";

/// A relay on a free port, with its development certificate. Dropping it ends the process.
#[derive(Debug)]
pub(crate) struct Relay {
    process: Child,
    /// Such as `https://localhost:40123`.
    pub(crate) address: String,
    /// The certificate that a client has to trust, PEM.
    pub(crate) certificate: PathBuf,
}

impl Relay {
    /// Starts the relay with its log to `log`, and waits until it is ready.
    ///
    /// # Errors
    /// It does not start.
    pub(crate) fn start(program: &Path, log: Stdio) -> Result<Self> {
        let cache =
            dirs::cache_dir().context("this user has no cache folder, where the relay keeps its certificate")?;
        let process = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .context("cannot start the relay")?;
        // Created first, so that the process ends if a later step fails.
        let certificate = cache.join("mango-relay/dev-certificate/cert.pem");
        let mut relay = Self { process, address: String::new(), certificate };
        let output = relay.process.stdout.take().context("the relay has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).context("cannot read the relay's output")?;
        let port = line.strip_prefix(READY).and_then(|rest| rest.split([':', ' ']).nth(1));
        let port = port.with_context(|| format!("the relay did not start; its output: {line:?}"))?;
        // The name in the certificate.
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
