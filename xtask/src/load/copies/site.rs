//! Relays behind nginx, on free ports.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::super::file;
use crate::machine::is_root;
use crate::steps;

/// The number of relays in the configuration.
const NAMED: usize = 3;

/// The running processes. Dropping this ends them.
pub(super) struct Site {
    relays: Vec<Running>,
    nginx: Running,
    pub(super) address: SocketAddr,
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Site {
    /// Starts that many relays behind nginx; files go into the folder.
    ///
    /// # Errors
    /// One of them does not start.
    pub(super) fn start(program: &Path, copies: usize, folder: &Path) -> Result<Self> {
        certificate(folder)?;
        let mut relays = Vec::new();
        let mut addresses = Vec::new();
        for number in 0..copies {
            let (relay, address) = relay(program, folder, number)?;
            relays.push(relay);
            addresses.push(address);
        }
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        fs::write(folder.join("site.conf"), configuration(folder, address, &addresses)?)?;
        fs::write(folder.join("nginx.conf"), main_configuration(folder))?;
        let nginx = nginx(folder, address)?;
        Ok(Self { relays, nginx, address })
    }

    /// The relays' process ids.
    pub(super) fn relays(&self) -> Vec<u32> {
        self.relays.iter().map(|relay| relay.0.id()).collect()
    }

    /// nginx's process id.
    pub(super) fn nginx(&self) -> u32 {
        self.nginx.0.id()
    }
}

/// One self-signed certificate for all.
fn certificate(folder: &Path) -> Result<()> {
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"]);
    openssl.args(["-subj", "/CN=relay.example", "-addext", "subjectAltName=DNS:relay.example"]);
    steps::run(openssl.args(["-keyout", "key.pem", "-out", "cert.pem"]).current_dir(folder).stderr(Stdio::null()))
}

fn relay(program: &Path, folder: &Path, number: usize) -> Result<(Running, SocketAddr)> {
    let log = folder.join(format!("relay-{number}.log"));
    let mut command = Command::new(program);
    command.args(["serve", "--listen", "127.0.0.1:0", "--cert", "cert.pem", "--key", "key.pem", "--workers", "1"]);
    command.current_dir(folder).stdout(Stdio::piped()).stderr(File::create(&log)?);
    let mut relay = Running(command.spawn().with_context(|| format!("cannot start the relay {}", program.display()))?);
    let mut ready = String::new();
    BufReader::new(relay.0.stdout.take().context("the relay has no output")?).read_line(&mut ready)?;
    let address = ready.split_once("https://").and_then(|(_, rest)| rest.split_whitespace().next()?.parse().ok());
    let address =
        address.with_context(|| format!("the relay did not start: {}", fs::read_to_string(log).unwrap_or_default()))?;
    Ok((relay, address))
}

/// The shipped configuration with the names, ports and paths of this run.
fn configuration(folder: &Path, address: SocketAddr, relays: &[SocketAddr]) -> Result<String> {
    let within = |name: &str| folder.join(name).display().to_string();
    let mut text = fs::read_to_string(file("nginx/mango-relay.conf"))?;
    let mut put = |from: &str, to: &str| {
        if !text.contains(from) {
            bail!("nginx's configuration has no {from}");
        }
        text = text.replace(from, to);
        Ok(())
    };
    put("listen 443 ssl", &format!("listen {address} ssl"))?;
    put("listen [::]:443 ssl http2;", "")?;
    put("/etc/nginx/mango-relay/relays-root.pem", &within("cert.pem"))?;
    put("/etc/nginx/mango-relay", &within(""))?;
    put("/var/log/nginx", &within(""))?;
    put("/run/mango-relay-uploads", &within("uploads"))?;
    for (index, relay) in relays.iter().enumerate() {
        put(&format!("relay-{}.example:8443", index + 1), &relay.to_string())?;
    }
    let absent: Vec<String> = (relays.len() + 1..=NAMED).map(|number| format!("relay-{number}.example")).collect();
    let lines = text.lines().filter(|line| !absent.iter().any(|name| line.contains(name)));
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

/// The main configuration as in a distribution's `nginx.conf`, but with a single process, which is measured.
fn main_configuration(folder: &Path) -> String {
    let user = if is_root() { "user root;" } else { "" };
    let folder = folder.display();
    format!(
        "{user} daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
         events {{ worker_connections 1024; }}
         http {{
             proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi;
             scgi_temp_path {folder}/scgi;
             include {folder}/site.conf;
         }}\n"
    )
}

fn nginx(folder: &Path, address: SocketAddr) -> Result<Running> {
    let debians = Path::new("/usr/sbin/nginx");
    let mut command = Command::new(if debians.is_file() { debians } else { Path::new("nginx") });
    command.arg("-p").arg(folder).arg("-c").arg(folder.join("nginx.conf")).arg("-e").arg(folder.join("start.log"));
    let mut nginx = Running(command.spawn().context("cannot start nginx; install it")?);
    let deadline = Instant::now() + Duration::from_secs(10);
    while TcpStream::connect(address).is_err() {
        if nginx.0.try_wait()?.is_some() || Instant::now() > deadline {
            bail!("nginx did not start");
        }
        sleep(Duration::from_millis(20));
    }
    Ok(nginx)
}
