//! Starts a relay.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::process::{Running, end_of};

/// The text before the address in the ready line.
const READY: &str = "mango-relay ready: https://";
/// The text before the address of the metrics in the log.
const METRICS: &str = "metrics at ";

/// Where a relay's log goes.
#[derive(Clone, Debug)]
pub enum Log {
    /// Standard error of this program.
    Inherited,
    /// A file.
    File(PathBuf),
}

/// A running relay. Dropping it ends the process.
#[derive(Debug)]
pub struct Relay {
    /// The process.
    pub process: Running,
    /// The address that it listens on.
    pub address: SocketAddr,
    /// The line that it printed when it was ready.
    pub ready_line: String,
    log: Log,
}

/// The command for a relay on a free port of this machine.
pub fn serve(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(["serve", "--listen", "127.0.0.1:0"]);
    command
}

impl Relay {
    /// Starts the relay and waits until it is ready.
    ///
    /// # Errors
    /// It does not start; the error contains the end of its log.
    pub fn start(mut command: Command, log: Log) -> Result<Self> {
        command.stdout(Stdio::piped()).stderr(log.open()?);
        let child = command.spawn();
        let mut child = child.with_context(|| format!("cannot start the relay {}", command.get_program().display()))?;
        let output = child.stdout.take();
        // Created first, so that the process ends if a later step fails.
        let process = Running::from(child);
        let output = output.context("the relay has no output")?;
        let mut ready_line = String::new();
        BufReader::new(output).read_line(&mut ready_line).context("cannot read the relay's output")?;
        let address =
            address(&ready_line).with_context(|| format!("the relay did not start: {ready_line}{}", log.end()))?;
        Ok(Self { process, address, ready_line, log })
    }

    /// The URL of a path, such as `https://localhost:40123/readyz`, with the name in the development certificate.
    pub fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.address.port())
    }

    /// The log so far.
    ///
    /// # Errors
    /// The log is not a file, or cannot be read.
    pub fn log(&self) -> Result<String> {
        let Log::File(path) = &self.log else { anyhow::bail!("the relay's log is not a file") };
        fs::read_to_string(path).context("cannot read the relay's log")
    }

    /// The URL of the metrics.
    ///
    /// # Errors
    /// The log does not contain it.
    pub fn metrics_url(&self) -> Result<String> {
        let log = self.log()?;
        // A log of JSON has a quotation mark behind the address.
        let url = log.split_once(METRICS).and_then(|(_, rest)| rest.split(['"', '\n']).next());
        let url = url.with_context(|| format!("the relay serves no metrics; its log:\n{}", end_of(&log)))?;
        Ok(url.trim().to_owned())
    }
}

impl Log {
    fn open(&self) -> Result<Stdio> {
        match self {
            Self::Inherited => Ok(Stdio::inherit()),
            Self::File(path) => {
                Ok(File::create(path).with_context(|| format!("cannot write {}", path.display()))?.into())
            }
        }
    }

    /// The last lines, for an error.
    fn end(&self) -> String {
        match self {
            Self::Inherited => String::new(),
            Self::File(path) => {
                let log = fs::read_to_string(path).unwrap_or_default();
                format!("the end of its log {}:\n{}", path.display(), end_of(&log))
            }
        }
    }
}

/// The address in the ready line.
fn address(line: &str) -> Option<SocketAddr> {
    line.strip_prefix(READY)?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_in_the_ready_line() {
        let line = "mango-relay ready: https://127.0.0.1:40123 (model leaf-lite0 0.3.0)\n";
        assert_eq!(address(line), Some(SocketAddr::from(([127, 0, 0, 1], 40123))));
        assert_eq!(address("mango-relay ready: https://[::1]:8080 (model a 1)").map(|at| at.port()), Some(8080));
        assert_eq!(address(""), None);
    }

    #[test]
    fn an_error_at_the_start_has_the_end_of_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        // A program that refuses its arguments.
        let error = Relay::start(serve(Path::new("sh")), Log::File(log.clone())).unwrap_err().to_string();
        assert!(error.starts_with("the relay did not start") && error.contains("serve"), "{error}");
        assert!(error.contains(&log.display().to_string()), "{error}");
    }
}
