//! Photo files on this machine.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use mango_inference::{Photo, Predictor};

use super::decode::{decode_within, limits};
use crate::problem::{Problem, ProblemKind};

/// Largest photo file, bytes.
const MAX_FILE: u64 = 64 << 20;

/// Reads and decodes a photo for a predictor.
///
/// # Errors
/// The [`Problem`] with the file or the photo in it.
pub(crate) fn open(path: &Path, predictor: &Predictor) -> Result<Photo, Problem> {
    decode_within(&read(path)?, limits(predictor))
}

/// Reads a file of at most 64 MiB.
///
/// # Errors
/// [`ProblemKind::PhotoUnreadable`] names the cause.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    read_bounded(path).map_err(|error| {
        let detail = match error.kind() {
            io::ErrorKind::IsADirectory => "this is a folder; give the photos in it".to_owned(),
            io::ErrorKind::NotFound => "there is no such file; check its name".to_owned(),
            _ => error.to_string(),
        };
        Problem::new(ProblemKind::PhotoUnreadable, detail)
    })
}

fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(io::Error::other(format!("the file is larger than {} MiB; give a photo", MAX_FILE >> 20)));
    }
    Ok(bytes)
}
