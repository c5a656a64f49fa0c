//! A gallery in a file.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use mango_inference::{Gallery, GalleryFileError, UseError};

use crate::model::Model;

/// Bytes that are read: one more than a gallery may have, so that a larger file is refused as such.
const MAX_READ: u64 = (16 << 20) + 1;

/// Reads a gallery that the model can use.
///
/// # Errors
/// [`GalleryError`] names the file and says what is wrong with it.
pub(crate) fn load(path: &Path, model: &Model) -> Result<Gallery, GalleryError> {
    let gallery = parse(path, &read(path)?)?;
    check(path, &gallery, model)?;
    Ok(gallery)
}

/// Reads galleries that the model can use.
///
/// # Errors
/// Those of [`load`].
pub(crate) fn load_all(paths: &[PathBuf], model: &Model) -> Result<Vec<Gallery>, GalleryError> {
    paths.iter().map(|path| load(path, model)).collect()
}

fn read(path: &Path) -> Result<Vec<u8>, GalleryError> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_READ).read_to_end(&mut bytes));
    read.map(|_| bytes).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => GalleryError::Missing { path: shown(path) },
        _ => GalleryError::Read { path: shown(path), error },
    })
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Gallery, GalleryError> {
    Gallery::parse(bytes).map_err(|error| GalleryError::Content { path: shown(path), error })
}

/// Whether the model can use a gallery that was read from that file.
fn check(path: &Path, gallery: &Gallery, model: &Model) -> Result<(), GalleryError> {
    match model.with(std::slice::from_ref(gallery)) {
        Ok(_) => Ok(()),
        Err(UseError::Embedding { .. }) => {
            let id = &model.bare().manifest().model;
            Err(GalleryError::OtherModel { path: shown(path), model: format!("{} {}", id.name, id.version) })
        }
        Err(error) => Err(GalleryError::Use { path: shown(path), error: Box::new(error) }),
    }
}

/// A path as it is shown to people.
fn shown(path: &Path) -> String {
    crate::terminal::printable(&path.to_string_lossy())
}

/// A gallery's file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum GalleryError {
    /// Its bytes are no gallery's.
    #[error("cannot use the gallery {path}: {error}")]
    Content {
        /// The file.
        path: String,
        /// What is wrong with it.
        error: GalleryFileError,
    },
    /// There is no such file.
    #[error("there is no gallery {path}; `mango-relay gallery --gallery {path} add` makes one from photos")]
    Missing {
        /// The file.
        path: String,
    },
    /// It was made with another model.
    #[error(
        "the gallery {path} is of another model than {model}; make it anew from its photos with \
         `mango-relay gallery --gallery {path} rebuild PHOTOS...`"
    )]
    OtherModel {
        /// The file.
        path: String,
        /// Name and version of the model that was to use it.
        model: String,
    },
    /// It cannot be read.
    #[error("cannot read the gallery {path}: {error}")]
    Read {
        /// The file.
        path: String,
        /// Why not.
        error: io::Error,
    },
    /// The model cannot learn from it.
    #[error("cannot use the gallery {path}: {error}")]
    Use {
        /// The file.
        path: String,
        /// Why not.
        error: Box<UseError>,
    },
}
