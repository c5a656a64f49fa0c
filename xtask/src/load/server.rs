//! A relay for tests, on free ports, with its own development certificate.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use mango_relay_harness::{Home, Memory, Relay, end_of, serve};
use tokio::time::sleep;

/// A running relay. Dropping it ends the process.
pub(super) struct Server {
    relay: Relay,
    home: Home,
    /// The URL of the metrics.
    pub(super) metrics: String,
}

impl Server {
    /// Starts the program with these flags, and waits until it is ready. `home` has the development certificate.
    ///
    /// # Errors
    /// It does not start; the error contains its log.
    pub(super) fn start(program: &Path, home: Home, flags: &[&str]) -> Result<Self> {
        let mut command = serve(program);
        command.args(["--metrics-listen", "127.0.0.1:0"]).args(flags).current_dir(home.path());
        home.set(&mut command);
        let relay = Relay::start(command, home.log())?;
        let metrics = relay.metrics_url()?;
        Ok(Self { relay, home, metrics })
    }

    /// Its URL.
    pub(super) fn url(&self) -> String {
        self.relay.url("")
    }

    /// Its address.
    pub(super) fn socket(&self) -> SocketAddr {
        self.relay.address
    }

    /// The certificate chain, in PEM.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn root(&self) -> Result<Vec<u8>> {
        let [chain, _] = self.home.certificate();
        fs::read(&chain).with_context(|| format!("cannot read {}", chain.display()))
    }

    /// Stops the relay, and returns its home.
    ///
    /// # Errors
    /// It does not exit with 0.
    pub(super) async fn stop(mut self) -> Result<Home> {
        self.terminate()?;
        self.ended(Duration::from_secs(10)).await?;
        Ok(self.home)
    }

    /// The log.
    ///
    /// # Errors
    /// The log cannot be read.
    pub(super) fn log(&self) -> Result<String> {
        self.relay.log()
    }

    /// Its memory, on Linux.
    ///
    /// # Errors
    /// This is not Linux, or the relay has ended.
    pub(super) fn memory(&self) -> Result<Memory> {
        self.relay.process.memory()
    }

    /// The number of open files and sockets.
    ///
    /// # Errors
    /// This is not Linux, or the relay has ended.
    pub(super) fn open_files(&self) -> Result<usize> {
        let folder = format!("/proc/{}/fd", self.relay.process.id());
        Ok(fs::read_dir(folder).context("cannot count the relay's open files, which works on Linux")?.count())
    }

    /// Sends the shutdown signal.
    ///
    /// # Errors
    /// The process has ended.
    pub(super) fn terminate(&self) -> Result<()> {
        self.relay.process.signal(&["TERM"])
    }

    /// Waits for the relay to exit with 0. Clients continue meanwhile.
    ///
    /// # Errors
    /// It does not end in time, or not with 0.
    pub(super) async fn ended(&mut self, limit: Duration) -> Result<()> {
        let deadline = Instant::now() + limit;
        loop {
            if let Some(status) = self.relay.process.try_wait()? {
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
