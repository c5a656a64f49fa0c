//! Checks whether a phone would accept a server: its addresses, its certificates, and its answer.

mod addresses;
mod any_certificate;
mod finding;
mod findings;
mod net_error;
mod reach;
mod roots;
mod target;
mod visit;

pub use any_certificate::any_certificate;
pub use finding::{Finding, Grade};
pub use net_error::NetError;
pub use roots::Roots;
pub use target::{Target, TargetError};

use std::net::IpAddr;

use time::OffsetDateTime;

use findings::findings;
use reach::Reach;
use visit::Visit;

/// Connects to a server at these addresses, or else at all its addresses in DNS. The last finding is the error that a
/// phone's user would see.
///
/// Each step has a timeout of 10 seconds. It runs on a tokio runtime with I/O and time.
pub async fn check(target: &Target, addresses: &[IpAddr], roots: &Roots) -> Vec<Finding> {
    let reach = Reach::of(target, addresses).await;
    let mut visits = Vec::new();
    for address in &reach.open {
        visits.push(Visit::connect(target, *address).await);
    }
    findings(target, &reach, &visits, roots, OffsetDateTime::now_utc())
}
