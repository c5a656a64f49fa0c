//! A relay for checks, previews and benchmarks, and what clients send to it.

mod build;
mod form;
mod leaf;
mod nginx;
mod process;

pub(crate) use build::{EXAMPLE, REFERENCE, of_checks, of_releases, program_of_checks};
pub(crate) use form::Form;
pub(crate) use leaf::{SIZE, jpeg};
pub(crate) use nginx::Nginx;
pub(crate) use process::{Log, Relay};
