//! Gallery files.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use mango_inference::{Gallery, GalleryFileError, MAX_GALLERY_FILE, UseError};

use super::load::Model;
use crate::output::replace::{Readers, replace};
use crate::output::terminal::printable_path;

/// Limit of bytes to read: one more than the largest gallery, so that a larger file is detected.
const MAX_READ: u64 = MAX_GALLERY_FILE as u64 + 1;

/// A gallery to change, and its file.
#[derive(Debug)]
pub(crate) struct GalleryFile<'a> {
    path: &'a Path,
    /// The content of the file when it was read.
    bytes: Option<Vec<u8>>,
    gallery: Gallery,
}

impl<'a> GalleryFile<'a> {
    /// Reads a gallery of any model.
    ///
    /// # Errors
    /// [`GalleryError`] names the file and the error.
    pub(crate) fn open(path: &'a Path) -> Result<Self, GalleryError> {
        let bytes = read(path)?;
        let gallery = parse(path, &bytes)?;
        Ok(Self { path, bytes: Some(bytes), gallery })
    }

    /// Reads a gallery of this model.
    ///
    /// # Errors
    /// Those of [`load`].
    pub(crate) fn open_of(path: &'a Path, model: &Model) -> Result<Self, GalleryError> {
        let file = Self::open(path)?;
        check(path, &file.gallery, model)?;
        Ok(file)
    }

    /// An empty gallery whose file does not exist yet.
    pub(crate) fn new(path: &'a Path, model: &Model) -> Self {
        Self { path, bytes: None, gallery: Gallery::new(model.bare().embedding_id()) }
    }

    /// The path for display.
    pub(crate) fn name(&self) -> String {
        printable_path(self.path)
    }

    pub(crate) fn gallery(&self) -> &Gallery {
        &self.gallery
    }

    /// Size of the file, bytes.
    pub(crate) fn size(&self) -> usize {
        self.bytes.as_ref().map_or(0, Vec::len)
    }

    /// Writes `gallery` to the file atomically.
    ///
    /// # Errors
    /// The file cannot be written, or another program changed it since it was read.
    pub(crate) fn save(&self, gallery: &Gallery) -> anyhow::Result<()> {
        let now = match read(self.path) {
            Err(GalleryError::Missing { .. }) => None,
            now => Some(now?),
        };
        ensure!(now == self.bytes, "{} was changed by another program meanwhile; try again", self.name());
        replace(self.path, &gallery.encode(), Readers::AsUsual).with_context(|| format!("cannot write {}", self.name()))
    }
}

/// Reads a gallery that the model can use.
///
/// # Errors
/// [`GalleryError`] names the file and the error.
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
        io::ErrorKind::NotFound => GalleryError::Missing { path: printable_path(path) },
        _ => GalleryError::Read { path: printable_path(path), error },
    })
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Gallery, GalleryError> {
    Gallery::parse(bytes).map_err(|error| GalleryError::Content { path: printable_path(path), error })
}

/// Checks that the model can use a gallery from that file.
fn check(path: &Path, gallery: &Gallery, model: &Model) -> Result<(), GalleryError> {
    match model.bare().accepts(gallery) {
        Ok(()) => Ok(()),
        Err(UseError::Embedding { .. }) => {
            let id = &model.bare().manifest().model;
            Err(GalleryError::OtherModel { path: printable_path(path), model: format!("{} {}", id.name, id.version) })
        }
        Err(error) => Err(GalleryError::Use { path: printable_path(path), error: Box::new(error) }),
    }
}

/// A gallery file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum GalleryError {
    /// The file is not a gallery.
    #[error("cannot use the gallery {path}: {error}")]
    Content {
        /// The file.
        path: String,
        /// The error.
        error: GalleryFileError,
    },
    /// There is no such file.
    #[error("there is no gallery {path}; `mango-relay gallery --gallery {path} add` makes one from photos")]
    Missing {
        /// The file.
        path: String,
    },
    /// The gallery was made with another model.
    #[error(
        "the gallery {path} is of another model than {model}; rebuild it from its photos with \
         `mango-relay gallery --gallery {path} rebuild PHOTOS...`"
    )]
    OtherModel {
        /// The file.
        path: String,
        /// Name and version of the current model.
        model: String,
    },
    /// The file cannot be read.
    #[error("cannot read the gallery {path}: {error}")]
    Read {
        /// The file.
        path: String,
        /// Why not.
        error: io::Error,
    },
    /// The model cannot use the gallery.
    #[error("cannot use the gallery {path}: {error}")]
    Use {
        /// The file.
        path: String,
        /// Why not.
        error: Box<UseError>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::load::embedded_gallery;
    use std::fs;

    #[test]
    fn a_concurrent_change_of_the_file_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gallery");
        let pests = embedded_gallery().unwrap();
        let empty = Gallery::new(pests.embedding());
        fs::write(&path, pests.encode()).unwrap();
        let (one, other) = (GalleryFile::open(&path).unwrap(), GalleryFile::open(&path).unwrap());
        one.save(&empty).unwrap();
        assert_eq!(fs::read(&path).unwrap(), empty.encode());
        let error = other.save(&pests).unwrap_err().to_string();
        assert!(error.contains("a.gallery was changed by another program"), "{error}");
        fs::remove_file(&path).unwrap();
        assert!(other.save(&pests).is_err());
        assert!(!path.exists());
    }
}
