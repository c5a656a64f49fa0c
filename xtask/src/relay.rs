//! A relay for checks, previews and benchmarks, and what clients send to it.

mod build;
mod certificate;
mod leaf;

pub(crate) use build::{EXAMPLE, REFERENCE, of_checks, of_releases, program_of_checks};
pub(crate) use certificate::users_certificate;
pub(crate) use leaf::{SIZE, jpeg};
