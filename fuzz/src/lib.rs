//! Every target through which hostile bytes come in, as a function of these bytes.
//!
//! A target panics where something does not hold that should whatever the bytes are: that nothing panics, that what is
//! refused is refused in words, that what is taken is sound. libFuzzer looks for such bytes (`fuzz_targets/`), and
//! `tests/corpora.rs` tries those that are kept in the tree.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "to panic is how a target tells what it found"
)]

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

/// What a target is: it says whether it took the bytes for what they call themselves.
pub type Target = fn(&[u8]) -> bool;

/// Every target by its name, which is that of its fuzz target and of its corpus.
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
