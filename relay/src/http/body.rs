//! Request bodies: their memory, their rate, and the parsers of forms and of whole bodies.

mod buffered_body;
mod declared;
mod disposition;
mod memory;
mod meter;
mod parse_pool;
mod parts;
mod whole;

pub(crate) use memory::{Account, Memory};
pub(crate) use meter::{Meter, MinimumRate, Stall};
pub(crate) use parse_pool::{Fault, ParsePool};
pub(crate) use parts::{Bounds, Parts};
pub(crate) use whole::read;
