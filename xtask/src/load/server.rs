//! A relay for tests, on free ports, with its own development certificate.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;
use tokio::time::sleep;

use crate::steps;

/// The text before the address in the ready line.
const READY: &str = "mango-relay ready: https://";

/// The text before the address of the metrics in the log.
const METRICS: &str = "metrics at ";

/// A running relay. Dropping it ends the process.
pub(super) struct Server {
    process: Child,
    home: TempDir,
    /// `https://localhost:PORT`, the name in the certificate.
    pub(super) address: String,
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
        let log = home.path().join("log");
        let mut command = Command::new(program);
        command.args(["serve", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"]).args(flags);
        command.env("HOME", home.path()).env("XDG_CACHE_HOME", cache(&home)).current_dir(home.path());
        command.stdout(Stdio::piped()).stderr(File::create(&log).context("cannot write the relay's log")?);
        let process = command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
        // Created first, so that the process ends if a later step fails.
        let mut server = Self { process, home, address: String::new(), metrics: String::new() };
        let output = server.process.stdout.take().context("the relay has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).context("cannot read the relay's output")?;
        let log = fs::read_to_string(log).context("cannot read the relay's log")?;
        let port = line.strip_prefix(READY).and_then(|rest| rest.split([':', ' ']).nth(1));
        let port = port.with_context(|| format!("the relay did not start; its log:\n{log}"))?;
        let metrics = log.split_once(METRICS).and_then(|(_, rest)| rest.split_whitespace().next());
        server.address = format!("https://localhost:{port}");
        server.metrics = metrics.with_context(|| format!("the relay serves no metrics; its log:\n{log}"))?.to_owned();
        Ok(server)
    }

    /// The files of the development certificate, chain and key.
    pub(super) fn certificate(home: &TempDir) -> [PathBuf; 2] {
        ["cert.pem", "key.pem"].map(|file| cache(home).join("mango-relay/dev-certificate").join(file))
    }

    /// The certificate chain, in PEM.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn root(&self) -> Result<Vec<u8>> {
        let [chain, _] = Self::certificate(&self.home);
        fs::read(&chain).with_context(|| format!("cannot read {}", chain.display()))
    }

    /// Its address.
    ///
    /// # Errors
    /// The address has no port, which cannot happen after the ready line.
    pub(super) fn socket(&self) -> Result<SocketAddr> {
        let port = self.address.rsplit(':').next().and_then(|port| port.parse().ok());
        Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port.context("no port")?)))
    }

    /// Stops the relay, and returns its home.
    ///
    /// # Errors
    /// It does not exit with 0.
    pub(super) async fn stop(mut self) -> Result<TempDir> {
        self.terminate()?;
        self.ended(Duration::from_secs(10)).await?;
        let nowhere = tempfile::tempdir().context("no folder")?;
        Ok(std::mem::replace(&mut self.home, nowhere))
    }

    /// The log.
    ///
    /// # Errors
    /// The log cannot be read.
    pub(super) fn log(&self) -> Result<String> {
        fs::read_to_string(self.home.path().join("log")).context("cannot read the relay's log")
    }

    /// Its memory, on Linux.
    ///
    /// # Errors
    /// This is not Linux, or the relay has ended.
    pub(super) fn memory(&self) -> Result<Memory> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))
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
    /// Those of [`Server::memory`].
    pub(super) fn open_files(&self) -> Result<usize> {
        let folder = format!("/proc/{}/fd", self.process.id());
        Ok(fs::read_dir(folder).context("cannot count the relay's open files, which works on Linux")?.count())
    }

    /// Sends the shutdown signal.
    ///
    /// # Errors
    /// The process has ended.
    pub(super) fn terminate(&self) -> Result<()> {
        steps::run(Command::new("kill").args(["-TERM", &self.process.id().to_string()]))
    }

    /// Waits for the relay to exit with 0. Clients continue meanwhile.
    ///
    /// # Errors
    /// It does not end in time, or not with 0.
    pub(super) async fn ended(&mut self, limit: Duration) -> Result<()> {
        let deadline = Instant::now() + limit;
        loop {
            if let Some(status) = self.process.try_wait().context("cannot wait for the relay")? {
                ensure!(status.success(), "the relay ended with {status}; its log:\n{}", self.log()?);
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

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
