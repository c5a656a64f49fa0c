//! Files that are loaded again when they change.

pub(super) mod certificate;
mod file_fingerprint;
pub(super) mod galleries;
