//! Photos: their files and their decoding.

mod decode;
mod file;

pub use decode::{decode, decode_within, limits};
pub(crate) use file::{open, read};
