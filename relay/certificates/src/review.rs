//! What clients would refuse of a certificate that can be served.

mod trust;
mod warning;

pub use trust::{Trust, public_roots, roots, trust};
pub use warning::Warning;
