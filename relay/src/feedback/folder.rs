//! The folder with the records: one file for each, named by its id.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::day::Day;
use super::facts::Facts;
use super::record::{self, Header, MAX_HEADER, RecordError, RecordId};

/// The extension of records.
const EXTENSION: &str = "feedback";
/// The beginning of the names of unfinished files.
const UNFINISHED: &str = ".tmp";
/// Age at which an unfinished file has no writer any more: no request lasts as long.
const ABANDONED: Duration = Duration::from_secs(3600);
/// Largest file that is read, bytes: a picture of the largest size, without any compression, is smaller.
const MAX_FILE: u64 = 16 << 20;

/// A record as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) id: RecordId,
    pub(crate) facts: Facts,
    /// Size of the file.
    pub(crate) bytes: u64,
}

/// The whole records of a folder, and the files that are damaged.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    /// By day and id.
    pub(crate) records: Vec<Listed>,
    pub(crate) damaged: Vec<(PathBuf, ReadError)>,
}

/// Why a record cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error("cannot be read: {0}")]
    File(#[from] io::Error),
    #[error(transparent)]
    Record(#[from] RecordError),
}

/// The file of a record.
pub(crate) fn path(folder: &Path, id: &RecordId) -> PathBuf {
    folder.join(format!("{id}.{EXTENSION}"))
}

/// The ids of a folder's files. Other files are ignored.
pub(crate) fn ids(folder: &Path) -> io::Result<Vec<RecordId>> {
    let mut ids = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let id = name.to_str().and_then(|name| name.strip_suffix(EXTENSION)?.strip_suffix('.'));
        ids.extend(id.and_then(RecordId::parse));
    }
    Ok(ids)
}

/// The header of a record, and the size of its file.
pub(crate) fn header(folder: &Path, id: &RecordId) -> Result<(Header, u64), ReadError> {
    let file = File::open(path(folder, id))?;
    let bytes = file.metadata()?.len();
    let mut start = Vec::with_capacity(MAX_HEADER);
    file.take(MAX_HEADER as u64).read_to_end(&mut start)?;
    let (header, length) = record::header(&start)?;
    if bytes != (length + header.bytes) as u64 {
        return Err(RecordError::Picture.into());
    }
    Ok((header, bytes))
}

/// The facts and the picture of a record.
pub(crate) fn read(folder: &Path, id: &RecordId) -> Result<(Facts, Vec<u8>), ReadError> {
    let mut bytes = Vec::new();
    File::open(path(folder, id))?.take(MAX_FILE).read_to_end(&mut bytes)?;
    let (header, picture) = record::decoded(&bytes)?;
    Ok((header.facts, picture.to_vec()))
}

/// The records of a folder. A record that is deleted meanwhile is left out.
pub(crate) fn list(folder: &Path) -> io::Result<Listing> {
    let mut listing = Listing::default();
    for id in ids(folder)? {
        match header(folder, &id) {
            Ok((Header { facts, .. }, bytes)) => listing.records.push(Listed { id, facts, bytes }),
            Err(ReadError::File(error)) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => listing.damaged.push((path(folder, &id), error)),
        }
    }
    listing.records.sort_by(|one, other| (one.facts.day, &one.id).cmp(&(other.facts.day, &other.id)));
    listing.damaged.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(listing)
}

/// The day of a damaged record: that of the last change of its file.
pub(crate) fn day_of_file(folder: &Path, id: &RecordId) -> io::Result<(Day, u64)> {
    let found = fs::metadata(path(folder, id))?;
    Ok((Day::of(found.modified()?), found.len()))
}

/// Deletes a record, durably as far as the file system can. Returns whether it was there.
pub(crate) fn delete(folder: &Path, id: &RecordId) -> io::Result<bool> {
    match fs::remove_file(path(folder, id)) {
        Ok(()) => {
            // Some file systems cannot sync a folder; the file is gone for every reader already.
            let _ = File::open(folder).and_then(|folder| folder.sync_all());
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Removes what writers that were killed left behind. A file that cannot be removed is logged and left.
pub(crate) fn remove_unfinished(folder: &Path, now: SystemTime) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            continue;
        }
        let Ok(found) = entry.metadata() else { continue };
        let age = found.modified().ok().and_then(|changed| now.duration_since(changed).ok());
        if !found.is_file() || age.is_none_or(|age| age < ABANDONED) {
            continue;
        }
        match fs::remove_file(entry.path()) {
            // Another relay of a shared folder removes them too.
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!("cannot remove {}: {error}", entry.path().display());
            }
            _ => {}
        }
    }
    Ok(())
}
