//! Relays behind nginx, on free ports.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Result;

use crate::relay::{Log, Nginx, Relay};
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
        let addresses: Vec<SocketAddr> = relays.iter().map(|relay| relay.socket).collect();
        let nginx = Nginx::start(folder, &addresses)?;
        Ok(Self { relays, nginx })
    }

    /// nginx's address.
    pub(super) fn address(&self) -> SocketAddr {
        self.nginx.address
    }

    /// The relays' process ids.
    pub(super) fn relays(&self) -> Vec<u32> {
        self.relays.iter().map(Relay::id).collect()
    }

    /// nginx's process id.
    pub(super) fn nginx(&self) -> u32 {
        self.nginx.id()
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
    let log = Log::File(folder.join(format!("relay-{number}.log")));
    Relay::start(program, &log, |command| {
        command.args(["--cert", "cert.pem", "--key", "key.pem", "--workers", "1"]).current_dir(folder);
    })
}
