//! The fields of a certificate.

mod details;
mod expiry_monitor;
mod key;
mod order;
mod validity;

pub use details::Details;
pub use expiry_monitor::ExpiryMonitor;
pub use key::Key;
pub(crate) use key::too_short;
pub(crate) use order::chain;
pub use order::in_order;
pub use validity::{Phase, Validity, moment};
