//! Detects changes of a file.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

/// The modification time and the length in bytes.
pub(super) type FileFingerprint = (SystemTime, u64);

/// The fingerprint of a file; none if its metadata cannot be read.
pub(super) fn fingerprint(path: &Path) -> Option<FileFingerprint> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}
