//! Finds which of a host's addresses accept connections.

use std::collections::BTreeSet;
use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::net_error::{Failure, NetError};
use super::target::Target;

/// Connection timeout.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The addresses of a host.
#[derive(Debug)]
pub(super) struct Reach {
    /// Addresses that accept connections, in the order of DNS.
    pub(super) open: Vec<SocketAddr>,
    /// Addresses that do not.
    pub(super) dead: Vec<Dead>,
    /// Why the host has no address at all.
    pub(super) unknown: Option<Failure>,
}

/// An address that accepted no connection.
#[derive(Debug)]
pub(super) struct Dead {
    pub(super) address: SocketAddr,
    pub(super) failure: Failure,
    /// Whether the address was skipped because this machine has no network of its family.
    pub(super) untried: bool,
}

impl Reach {
    /// Tries the given addresses, or else all addresses in DNS, in parallel.
    pub(super) async fn of(target: &Target, given: &[IpAddr]) -> Self {
        let mut reach = Self { open: Vec::new(), dead: Vec::new(), unknown: None };
        let addresses = match addresses(target, given).await {
            Ok(addresses) => addresses,
            Err(failure) => {
                reach.unknown = Some(failure);
                return reach;
            }
        };
        let mut tries: JoinSet<(usize, io::Result<()>)> = JoinSet::new();
        for (index, address) in addresses.iter().copied().enumerate() {
            tries.spawn(async move { (index, stream(address).await.map(drop)) });
        }
        let mut results = tries.join_all().await;
        results.sort_by_key(|(index, _)| *index);
        for (address, (_, result)) in addresses.into_iter().zip(results) {
            match result {
                Ok(()) => reach.open.push(address),
                Err(error) => {
                    let untried = matches!(address.ip(), IpAddr::V6(ip) if !has_route(ip));
                    reach.dead.push(Dead { address, failure: failure(address, &error), untried });
                }
            }
        }
        reach
    }
}

async fn addresses(target: &Target, given: &[IpAddr]) -> Result<Vec<SocketAddr>, Failure> {
    let own: Vec<IpAddr> = target.ip().into_iter().collect();
    let given = if given.is_empty() { &own } else { given };
    let failed = |why| Failure { error: NetError::NameNotResolved, why };
    let mut addresses: Vec<SocketAddr> = if given.is_empty() {
        let found = lookup_host((target.host(), target.port())).await;
        found.map_err(|error| failed(format!("no address in DNS: {error}")))?.collect()
    } else {
        given.iter().map(|ip| SocketAddr::new(*ip, target.port())).collect()
    };
    let mut seen = BTreeSet::new();
    addresses.retain(|address| seen.insert(*address));
    if addresses.is_empty() { Err(failed("no address in DNS".to_owned())) } else { Ok(addresses) }
}

/// Connects to an address.
pub(super) async fn connect(address: SocketAddr) -> Result<TcpStream, Failure> {
    stream(address).await.map_err(|error| failure(address, &error))
}

async fn stream(address: SocketAddr) -> io::Result<TcpStream> {
    let late = || io::Error::new(io::ErrorKind::TimedOut, format!("no connection within {TIMEOUT:?}"));
    timeout(TIMEOUT, TcpStream::connect(address)).await.unwrap_or_else(|_| Err(late()))
}

fn failure(address: SocketAddr, error: &io::Error) -> Failure {
    let kind = match error.kind() {
        io::ErrorKind::ConnectionRefused => NetError::ConnectionRefused,
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => NetError::AddressUnreachable,
        io::ErrorKind::TimedOut => NetError::ConnectionTimedOut,
        _ => NetError::ConnectionFailed,
    };
    Failure { error: kind, why: format!("{address}: {error}") }
}

/// Whether this machine has a route to an IPv6 address, and for a public address a public source address. Connecting a
/// UDP socket sends nothing.
fn has_route(to: Ipv6Addr) -> bool {
    let from = || {
        let socket = UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0))?;
        socket.connect((to, 1))?;
        socket.local_addr()
    };
    match from().map(|from| from.ip()) {
        Ok(IpAddr::V6(from)) => !from.is_unique_local() || to.is_unique_local(),
        _ => false,
    }
}
