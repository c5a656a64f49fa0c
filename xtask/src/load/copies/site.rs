//! Relays behind nginx, on free ports.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Result;
use mango_relay_harness::{Log, Nginx, NginxConfig, Relay, serve};

use crate::steps;

/// The running processes. Dropping this ends them.
pub(super) struct Site {
    relays: Vec<Relay>,
    nginx: Nginx,
}

impl Site {
    /// Starts that many relays behind nginx; files go into the folder.
    ///
    /// # Errors
    /// One of them does not start.
    pub(super) fn start(program: &Path, copies: usize, folder: &Path) -> Result<Self> {
        certificate(folder)?;
        let relays = (0..copies).map(|number| relay(program, folder, number)).collect::<Result<Vec<Relay>>>()?;
        let addresses: Vec<SocketAddr> = relays.iter().map(|relay| relay.address).collect();
        let certificate = folder.join("cert.pem");
        let nginx = Nginx::start(&NginxConfig {
            folder,
            chain: &certificate,
            key: &folder.join("key.pem"),
            root: &certificate,
            relays: &addresses,
            // A single process, which is measured.
            processes: "master_process off",
            severity: "crit",
        })?;
        Ok(Self { relays, nginx })
    }

    /// nginx's address.
    pub(super) fn address(&self) -> SocketAddr {
        self.nginx.address
    }

    /// The number of relays.
    pub(super) fn relays(&self) -> usize {
        self.relays.len()
    }

    /// The processor time so far of the relays together, and of nginx.
    ///
    /// # Errors
    /// This is not Linux, or one of them has ended.
    pub(super) fn cpu_seconds(&self) -> Result<(f64, f64)> {
        let relays = self.relays.iter().map(|relay| relay.process.cpu_seconds()).sum::<Result<f64>>()?;
        Ok((relays, self.nginx.process.cpu_seconds()?))
    }
}

/// One self-signed certificate for all.
fn certificate(folder: &Path) -> Result<()> {
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"]);
    openssl.args(["-subj", "/CN=relay.example", "-addext", "subjectAltName=DNS:relay.example"]);
    steps::run(openssl.args(["-keyout", "key.pem", "-out", "cert.pem"]).current_dir(folder).stderr(Stdio::null()))
}

fn relay(program: &Path, folder: &Path, number: usize) -> Result<Relay> {
    let mut command = serve(program);
    command.args(["--cert", "cert.pem", "--key", "key.pem", "--workers", "1"]).current_dir(folder);
    Relay::start(command, Log::File(folder.join(format!("relay-{number}.log"))))
}
