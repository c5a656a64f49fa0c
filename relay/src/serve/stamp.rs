//! Whether a file has changed.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

/// What changes when a file does: the time of its last change, and its length in bytes.
pub(super) type Stamp = (SystemTime, u64);

/// The stamp of a file; none where it cannot be looked at.
pub(super) fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}
