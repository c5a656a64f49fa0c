//! Certificates on disk and at hosts.

mod check;
mod encodings;
mod files;
mod pkcs12;
pub(crate) mod pki;
