//! Scans: the tables that they use, their restart intervals, and their coefficients, sequential or progressive.

pub(crate) mod intervals;
pub(crate) mod progressive;
pub(crate) mod sequential;
pub(crate) mod tables;
