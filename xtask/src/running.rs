//! A running relay for checks and previews.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

/// What the relay prints when it is ready, before its address.
const READY: &str = "mango-relay ready: https://";

/// A relay on a free port, with its development certificate. It ends with this.
#[derive(Debug)]
pub(crate) struct Relay {
    process: Child,
    /// Such as `https://localhost:40123`.
    pub(crate) address: String,
    /// What a client has to trust, PEM.
    pub(crate) certificate: PathBuf,
}

impl Relay {
    /// Starts it, with its log going there, and waits until it is ready.
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
