//! Reading of files of bounded size.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::fault::{TlsError, TlsFault};

/// Largest file with certificates, a key or a password, bytes. All public roots with comments take 1 MiB.
const MAX_FILE: u64 = 4 << 20;

/// Reads a file with certificates, a key or a password.
///
/// # Errors
/// The file cannot be read, or has more than 4 MiB.
pub fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    let failed = |error| TlsFault::Read(error).of(path);
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut bytes)).map_err(failed)?;
    if bytes.len() as u64 > MAX_FILE { Err(TlsFault::TooLarge.of(path)) } else { Ok(bytes) }
}
