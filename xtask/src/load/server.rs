//! A relay for tests, on free ports, with its own development certificate.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;
use tokio::time::sleep;

use crate::relay::{Log, Relay};
use crate::steps::{self, end_of};

/// The text before the address of the metrics in the log.
const METRICS: &str = "metrics at ";

/// A running relay. Dropping it ends the process.
pub(super) struct Server {
    relay: Relay,
    home: TempDir,
    /// The URL of the metrics.
    pub(super) metrics: String,
}

/// A relay's memory, bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Memory {
    /// Current memory.
    pub(super) now: u64,
    /// Peak memory.
    pub(super) peak: u64,
}

impl Server {
    /// Starts the program with these flags, and waits until it is ready. `home` is its home folder, with the
    /// development certificate.
    ///
    /// # Errors
    /// It does not start; the error contains its log.
    pub(super) fn start(program: &Path, home: TempDir, flags: &[&str]) -> Result<Self> {
        let log = log_in(&home);
        let relay = Relay::start(program, &Log::File(log.clone()), |command| {
            command.args(["--metrics-listen", "127.0.0.1:0"]).args(flags).current_dir(home.path());
            command.env("HOME", home.path()).env("XDG_CACHE_HOME", cache(&home));
        })?;
        let log = fs::read_to_string(log).context("cannot read the relay's log")?;
        let metrics = log.split_once(METRICS).and_then(|(_, rest)| rest.split_whitespace().next());
        let metrics = metrics.with_context(|| format!("the relay serves no metrics; its log:\n{}", end_of(&log)))?;
        Ok(Self { relay, home, metrics: metrics.to_owned() })
    }

    /// Its URL.
    pub(super) fn url(&self) -> String {
        self.relay.url()
    }

    /// Its address.
    pub(super) fn socket(&self) -> SocketAddr {
        self.relay.socket
    }

    /// The files of the development certificate, chain and key.
    pub(super) fn certificate(home: &TempDir) -> [PathBuf; 2] {
        Relay::certificate(&cache(home))
    }

    /// The certificate chain, in PEM.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn root(&self) -> Result<Vec<u8>> {
        let [chain, _] = Self::certificate(&self.home);
        fs::read(&chain).with_context(|| format!("cannot read {}", chain.display()))
    }

    /// Stops the relay, and returns its home.
    ///
    /// # Errors
    /// It does not exit with 0.
    pub(super) async fn stop(mut self) -> Result<TempDir> {
        self.terminate()?;
        self.ended(Duration::from_secs(10)).await?;
        let nowhere = tempfile::tempdir().context("cannot make a temporary folder")?;
        Ok(std::mem::replace(&mut self.home, nowhere))
    }

    /// The log.
    ///
    /// # Errors
    /// The log cannot be read.
    pub(super) fn log(&self) -> Result<String> {
        fs::read_to_string(log_in(&self.home)).context("cannot read the relay's log")
    }

    /// Its memory, on Linux.
    ///
    /// # Errors
    /// This is not Linux, or the relay has ended.
    pub(super) fn memory(&self) -> Result<Memory> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.relay.id()))
            .context("cannot read the relay's memory, which works on Linux while it runs")?;
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kib| kib << 10)
        };
        let (now, peak) = (of("VmRSS:"), of("VmHWM:"));
        Ok(Memory { now: now.context("no VmRSS")?, peak: peak.context("no VmHWM")? })
    }

    /// The number of open files and sockets.
    ///
    /// # Errors
    /// This is not Linux, or the relay has ended.
    pub(super) fn open_files(&self) -> Result<usize> {
        let folder = format!("/proc/{}/fd", self.relay.id());
        Ok(fs::read_dir(folder).context("cannot count the relay's open files, which works on Linux")?.count())
    }

    /// Sends the shutdown signal.
    ///
    /// # Errors
    /// The process has ended.
    pub(super) fn terminate(&self) -> Result<()> {
        steps::run(Command::new("kill").args(["-TERM", &self.relay.id().to_string()]))
    }

    /// Waits for the relay to exit with 0. Clients continue meanwhile.
    ///
    /// # Errors
    /// It does not end in time, or not with 0.
    pub(super) async fn ended(&mut self, limit: Duration) -> Result<()> {
        let deadline = Instant::now() + limit;
        loop {
            if let Some(status) = self.relay.process().try_wait().context("cannot wait for the relay")? {
                ensure!(
                    status.success(),
                    "the relay ended with {status}; the end of its log:\n{}",
                    end_of(&self.log()?)
                );
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("the relay still runs {limit:?} after the shutdown signal");
            }
            sleep(Duration::from_millis(20)).await;
        }
    }
}

fn cache(home: &TempDir) -> PathBuf {
    home.path().join("cache")
}

fn log_in(home: &TempDir) -> PathBuf {
    home.path().join("log")
}
