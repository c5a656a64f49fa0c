//! nginx before relays, with the configuration of `relay/deploy`.

use std::env;
use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::process::{Running, end_of, is_root};

/// The shipped configuration.
const SHIPPED: &str = include_str!("../../deploy/nginx/mango-relay.conf");
/// The number of relays in the configuration.
const NAMED: usize = 3;
/// Time in which nginx starts.
const START: Duration = Duration::from_secs(10);
/// Time in which nginx ends.
const END: Duration = Duration::from_secs(30);

/// What differs between the shipped configuration and that of a run.
#[derive(Clone, Debug)]
pub struct NginxConfig<'a> {
    /// An existing folder for the configuration, the logs and the other files.
    pub folder: &'a Path,
    /// The certificate chain of nginx.
    pub chain: &'a Path,
    /// Its key.
    pub key: &'a Path,
    /// The root of the relays' certificates.
    pub root: &'a Path,
    /// The relays, one to three.
    pub relays: &'a [SocketAddr],
    /// Which processes nginx has, by its directive.
    pub processes: &'a str,
    /// The least severity of the error log.
    pub severity: &'a str,
}

/// A running nginx. Dropping it ends the process.
#[derive(Debug)]
pub struct Nginx {
    /// The process.
    pub process: Running,
    /// The address that it listens on.
    pub address: SocketAddr,
    folder: PathBuf,
}

impl Nginx {
    /// Starts nginx on a free port.
    ///
    /// # Errors
    /// nginx is missing or does not start.
    pub fn start(config: &NginxConfig<'_>) -> Result<Self> {
        let program = nginx_program().context("nginx is missing; install it")?;
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let (folder, main) = (config.folder, config.folder.join("nginx.conf"));
        fs::write(folder.join("site.conf"), config.site(SHIPPED, address)?)?;
        fs::write(&main, config.main())?;
        let log = folder.join("start.log");
        let mut command = Command::new(program);
        command.arg("-p").arg(folder).arg("-c").arg(main).arg("-e").arg(&log).stderr(Stdio::null());
        let process = command.spawn().context("cannot start nginx")?.into();
        let mut nginx = Self { process, address, folder: folder.to_owned() };
        let deadline = Instant::now() + START;
        while TcpStream::connect(address).is_err() {
            if nginx.process.try_wait()?.is_some() || Instant::now() > deadline {
                bail!("nginx did not start: {}", end_of(&fs::read_to_string(log).unwrap_or_default()));
            }
            sleep(Duration::from_millis(20));
        }
        Ok(nginx)
    }

    /// Ends nginx when it has answered the open requests.
    ///
    /// # Errors
    /// It does not exit with 0.
    pub fn stop(&mut self) -> Result<()> {
        self.process.signal(&["QUIT"])?;
        let status = self.process.wait(END)?;
        ensure!(status.success(), "nginx ended with {status}");
        Ok(())
    }

    /// The access log, with one line for each request, and the error log.
    pub fn logs(&self) -> [String; 2] {
        ["access.log", "error.log"].map(|file| fs::read_to_string(self.folder.join(file)).unwrap_or_default())
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // SIGKILL, which ends other processes, would leave its workers running.
        if self.process.try_wait().is_ok_and(|ended| ended.is_none()) && self.process.signal(&["TERM"]).is_ok() {
            let _ = self.process.wait(END);
        }
    }
}

impl NginxConfig<'_> {
    /// The shipped configuration with the names, ports and paths of this run.
    fn site(&self, shipped: &str, address: SocketAddr) -> Result<String> {
        let within = |name: &str| self.folder.join(name).display().to_string();
        let mut text = shipped.to_owned();
        let mut put = |from: &str, to: &str| {
            ensure!(text.contains(from), "nginx's configuration has no {from}");
            text = text.replace(from, to);
            Ok(())
        };
        put("listen 443 ssl", &format!("listen {address} ssl"))?;
        put("listen [::]:443 ssl http2;", "")?;
        put("/etc/nginx/mango-relay/cert.pem", &self.chain.display().to_string())?;
        put("/etc/nginx/mango-relay/key.pem", &self.key.display().to_string())?;
        put("/etc/nginx/mango-relay/relays-root.pem", &self.root.display().to_string())?;
        put("/var/log/nginx/mango-relay.log", &within("access.log"))?;
        put("/var/log/nginx/mango-relay-error.log crit", &format!("{} {}", within("error.log"), self.severity))?;
        put("/run/mango-relay-uploads", &within("uploads"))?;
        for (index, relay) in self.relays.iter().enumerate() {
            put(&format!("relay-{}.example:8443", index + 1), &relay.to_string())?;
        }
        let absent: Vec<String> =
            (self.relays.len() + 1..=NAMED).map(|number| format!("relay-{number}.example")).collect();
        let lines = text.lines().filter(|line| !absent.iter().any(|name| line.contains(name)));
        Ok(lines.collect::<Vec<_>>().join("\n"))
    }

    /// The main configuration, as in a distribution's `nginx.conf`.
    fn main(&self) -> String {
        // The workers of an nginx started by root run as another user, who may not enter a temporary folder.
        let user = if is_root() { "user root;" } else { "" };
        let (folder, processes) = (self.folder.display(), self.processes);
        format!(
            "{user} daemon off; {processes}; pid {folder}/nginx.pid; error_log {folder}/start.log;
             events {{ worker_connections 1024; }}
             http {{
                 proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi;
                 scgi_temp_path {folder}/scgi;
                 include {folder}/site.conf;
             }}\n"
        )
    }
}

/// nginx's program. On Debian it is in a folder that only root's PATH contains.
pub fn nginx_program() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let others = ["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from);
    env::split_paths(&path).chain(others).map(|folder| folder.join("nginx")).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(relays: &[SocketAddr]) -> NginxConfig<'_> {
        let [folder, file] = ["/tmp/site", "/tmp/site/file.pem"].map(Path::new);
        NginxConfig {
            folder,
            chain: file,
            key: file,
            root: file,
            relays,
            processes: "master_process off",
            severity: "crit",
        }
    }

    #[test]
    fn the_shipped_configuration_is_that_of_this_run() {
        let [nginx, relay] = [8443, 9443].map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
        let site = config(&[relay]).site(SHIPPED, nginx).unwrap();
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
        let error = config(&[address]).site("server {}", address).unwrap_err();
        assert_eq!(error.to_string(), "nginx's configuration has no listen 443 ssl");
    }
}
