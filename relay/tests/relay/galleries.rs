//! Classes from a few photos.

mod commands;
pub(crate) mod fixtures;
mod rebuild;
mod serving;
