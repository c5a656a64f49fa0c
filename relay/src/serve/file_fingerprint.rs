//! Whether a file has changed.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

/// What changes when a file does: the time of its last change, and its length in bytes.
pub(super) type FileFingerprint = (SystemTime, u64);

/// The fingerprint of a file; none where it cannot be looked at.
pub(super) fn fingerprint(path: &Path) -> Option<FileFingerprint> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}
