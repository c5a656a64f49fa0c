//! Opens listening sockets, with hints for errors.

use std::io;
use std::net::{SocketAddr, TcpListener};

/// The first unprivileged port (ip_unprivileged_port_start in ip(7)).
const PRIVILEGED: u16 = 1024;

/// Opens a non-blocking listening socket.
///
/// # Errors
/// [`ListenError`] has a hint; `setting` is the setting of the address, such as `--listen`.
pub(in crate::serve) fn listen(address: SocketAddr, setting: &'static str) -> Result<TcpListener, ListenError> {
    let listener = TcpListener::bind(address).and_then(|it| it.set_nonblocking(true).map(|()| it));
    listener.map_err(|error| ListenError { address, setting, error })
}

/// An address on which the relay cannot listen.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}: {}", self.hint())]
pub(in crate::serve) struct ListenError {
    address: SocketAddr,
    setting: &'static str,
    error: io::Error,
}

impl ListenError {
    fn hint(&self) -> String {
        let Self { address, setting, error } = self;
        let port = address.port();
        match error.kind() {
            io::ErrorKind::AddrInUse => format!(
                "another program does, perhaps another mango-relay; `{}` names it: stop it, or choose another port \
                 with {setting}",
                owner_command(port)
            ),
            io::ErrorKind::AddrNotAvailable => format!(
                "this machine has no address {}; choose one of its own with {setting}, or 0.0.0.0 for all of them",
                address.ip()
            ),
            io::ErrorKind::PermissionDenied if port >= PRIVILEGED => format!(
                "a sandbox or the system forbids port {port}; allow it (in systemd's unit `SocketBindAllow=tcp:{port}`), \
                 or choose another with {setting}"
            ),
            io::ErrorKind::PermissionDenied if cfg!(target_os = "linux") => format!(
                "this user may not have port {port}; choose one from {PRIVILEGED} on with {setting}, or allow it: `sudo \
                 setcap cap_net_bind_service=+ep` and the program's path, or for every user `sudo sysctl \
                 net.ipv4.ip_unprivileged_port_start={port}`, and in systemd's unit `SocketBindAllow=tcp:{port}` too"
            ),
            _ => format!("{error}; choose another address with {setting}"),
        }
    }
}

/// A command that shows which program listens on a port.
fn owner_command(port: u16) -> String {
    if cfg!(target_os = "linux") {
        format!("sudo ss -ltnp 'sport = :{port}'")
    } else if cfg!(windows) {
        format!("netstat -ano | findstr :{port}")
    } else {
        format!("sudo lsof -nP -iTCP:{port} -sTCP:LISTEN")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: io::ErrorKind) -> String {
        ListenError { address: ([0, 0, 0, 0], 443).into(), setting: "--listen", error: kind.into() }.to_string()
    }

    #[test]
    fn every_error_has_a_hint() {
        let privileged = message(io::ErrorKind::PermissionDenied);
        assert!(!cfg!(target_os = "linux") || privileged.contains("ip_unprivileged_port_start=443"), "{privileged}");
        assert!(message(io::ErrorKind::AddrInUse).contains(":443"));
        for kind in [io::ErrorKind::AddrInUse, io::ErrorKind::PermissionDenied, io::ErrorKind::OutOfMemory] {
            let message = message(kind);
            assert!(message.starts_with("cannot listen on 0.0.0.0:443: ") && message.contains("--listen"), "{message}");
            assert!(!message.contains('\n'), "{message}");
        }
    }

    #[test]
    fn a_forbidden_unprivileged_port_has_another_hint() {
        let address = ([127, 0, 0, 1], 9443).into();
        let error = ListenError { address, setting: "--listen", error: io::ErrorKind::PermissionDenied.into() };
        assert!(error.to_string().contains("SocketBindAllow=tcp:9443"), "{error}");
    }

    #[test]
    fn an_address_of_another_machine_is_reported() {
        let error = listen(([192, 0, 2, 1], 0).into(), "--metrics-listen").unwrap_err().to_string();
        assert!(error.contains("no address 192.0.2.1") && error.contains("--metrics-listen"), "{error}");
    }
}
