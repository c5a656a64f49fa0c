//! Starts a relay.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use crate::steps::{Running, end_of};

/// The text before the address in the ready line.
const READY: &str = "mango-relay ready: https://";

/// Where a relay's log goes.
#[derive(Clone, Debug)]
pub(crate) enum Log {
    /// Standard error of this program.
    Inherited,
    /// A file.
    File(PathBuf),
}

/// A running relay on a free port of this machine. Dropping it ends the process.
#[derive(Debug)]
pub(crate) struct Relay {
    process: Running,
    /// The address that it listens on.
    pub(crate) socket: SocketAddr,
}

impl Relay {
    /// Starts the relay and waits until it is ready. `set` adds flags, variables and the working folder.
    ///
    /// # Errors
    /// It does not start; the error contains the end of its log.
    pub(crate) fn start(program: &Path, log: &Log, set: impl FnOnce(&mut Command)) -> Result<Self> {
        let mut command = Command::new(program);
        command.args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(log.open()?);
        set(&mut command);
        let process = command.spawn().with_context(|| format!("cannot start the relay {}", program.display()))?;
        // Created first, so that the process ends if a later step fails.
        let mut process = Running(process);
        let output = process.0.stdout.take().context("the relay has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).context("cannot read the relay's output")?;
        let socket = address(&line).with_context(|| format!("the relay did not start: {line}{}", log.end()))?;
        Ok(Self { process, socket })
    }

    /// Its URL, such as `https://localhost:40123`, with the name in the development certificate.
    pub(crate) fn url(&self) -> String {
        format!("https://localhost:{}", self.socket.port())
    }

    /// The process.
    pub(crate) fn process(&mut self) -> &mut Child {
        &mut self.process.0
    }

    /// The id of the process.
    pub(crate) fn id(&self) -> u32 {
        self.process.0.id()
    }

    /// The files of the development certificate, chain and key, of a relay with this cache folder.
    pub(crate) fn certificate(cache: &Path) -> [PathBuf; 2] {
        ["cert.pem", "key.pem"].map(|file| cache.join("mango-relay/dev-certificate").join(file))
    }

    /// The certificate chain of a relay with this user's cache folder.
    ///
    /// # Errors
    /// This user has no cache folder.
    pub(crate) fn users_certificate() -> Result<PathBuf> {
        let cache =
            dirs::cache_dir().context("this user has no cache folder, where the relay keeps its certificate")?;
        let [chain, _] = Self::certificate(&cache);
        Ok(chain)
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
        let error = Relay::start(Path::new("sh"), &Log::File(log.clone()), |_| {}).unwrap_err().to_string();
        assert!(error.starts_with("the relay did not start") && error.contains("serve"), "{error}");
        assert!(error.contains(&log.display().to_string()), "{error}");
    }
}
