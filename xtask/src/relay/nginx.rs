//! nginx before relays, with the configuration of `relay/deploy`.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use mango_relay_harness::{Running, end_of};

use crate::setup::{self, is_root};
use crate::steps::root;

/// The number of relays in the configuration.
const NAMED: usize = 3;

/// Time in which nginx starts.
const START: Duration = Duration::from_secs(10);

/// A running nginx. Dropping it ends the process.
pub(crate) struct Nginx {
    /// The process.
    pub(crate) process: Running,
    /// The address that it listens on.
    pub(crate) address: SocketAddr,
}

impl Nginx {
    /// Starts nginx on a free port before these relays. The folder has `cert.pem` and `key.pem`, nginx's certificate,
    /// which is also the root of the relays' certificates; other files are written into it.
    ///
    /// # Errors
    /// nginx is missing or does not start.
    pub(crate) fn start(folder: &Path, relays: &[SocketAddr]) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let shipped = fs::read_to_string(root().join("relay/deploy/nginx/mango-relay.conf"))?;
        fs::write(folder.join("site.conf"), site(&shipped, folder, address, relays)?)?;
        fs::write(folder.join("nginx.conf"), main_configuration(folder))?;
        let (program, log) = (setup::nginx().context("nginx is missing; install it")?, folder.join("start.log"));
        let mut command = Command::new(program);
        command.arg("-p").arg(folder).arg("-c").arg(folder.join("nginx.conf")).arg("-e").arg(&log);
        let mut process = Running::from(command.spawn().context("cannot start nginx")?);
        let deadline = Instant::now() + START;
        while TcpStream::connect(address).is_err() {
            if process.try_wait()?.is_some() || Instant::now() > deadline {
                bail!("nginx did not start: {}", end_of(&fs::read_to_string(log).unwrap_or_default()));
            }
            sleep(Duration::from_millis(20));
        }
        Ok(Self { process, address })
    }
}

/// The shipped configuration with the names, ports and paths of this run.
fn site(shipped: &str, folder: &Path, address: SocketAddr, relays: &[SocketAddr]) -> Result<String> {
    let within = |name: &str| folder.join(name).display().to_string();
    let mut text = shipped.to_owned();
    let mut put = |from: &str, to: &str| {
        ensure!(text.contains(from), "nginx's configuration has no {from}");
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_configuration_is_that_of_this_run() {
        let shipped = fs::read_to_string(root().join("relay/deploy/nginx/mango-relay.conf")).unwrap();
        let [nginx, relay] = [8443, 9443].map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
        let site = site(&shipped, Path::new("/tmp/site"), nginx, &[relay]).unwrap();
        assert!(site.contains("listen 127.0.0.1:8443 ssl") && site.contains("127.0.0.1:9443"), "{site}");
        for shipped in
            ["/etc/nginx", "/var/log", "/run/", ":443", "relay-1.example", "relay-2.example", "relay-3.example"]
        {
            let lines: Vec<_> = site.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
            assert!(!lines.iter().any(|line| line.contains(shipped)), "{shipped} is left");
        }
    }

    #[test]
    fn a_changed_configuration_is_noticed() {
        let address = SocketAddr::from(([127, 0, 0, 1], 1));
        let error = site("server {}", Path::new("/tmp"), address, &[address]).unwrap_err();
        assert_eq!(error.to_string(), "nginx's configuration has no listen 443 ssl");
    }
}
