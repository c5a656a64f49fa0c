//! Fuzz targets: each parser of untrusted bytes as a function of these bytes.
//!
//! A target panics if an invariant is violated: the code does not panic, errors have a message, and accepted results
//! are valid. libFuzzer searches for such bytes (`fuzz_targets/`), and `tests/corpora.rs` runs the corpora in the
//! repository.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a target reports a failure by a panic")]

mod bundle;
mod gallery;
mod jpeg;
mod photo;
mod pkcs12;
mod service;
mod settings;
mod sound;
pub mod tiny;
mod upload;
mod v2;

pub use bundle::bundle;
pub use gallery::gallery;
pub use jpeg::jpeg;
pub use photo::photo;
pub use pkcs12::{PASSWORD, pkcs12};
pub use settings::settings;
pub use upload::upload;
pub use v2::v2;

/// A fuzz target. It returns whether it accepted the bytes as valid.
pub type Target = fn(&[u8]) -> bool;

/// All fuzz targets by name. A target's corpus has the same name.
pub const TARGETS: [(&str, Target); 8] = [
    ("bundle", bundle),
    ("gallery", gallery),
    ("jpeg", jpeg),
    ("photo", photo),
    ("pkcs12", pkcs12),
    ("settings", settings),
    ("upload", upload),
    ("v2", v2),
];
