//! What happens before the relay serves: everything is loaded, checked and opened.

mod check;
mod faults;
mod listen;
mod metrics_listener;
mod prepare;

pub use check::check;
pub use faults::Faults;
pub(super) use prepare::Prepared;
