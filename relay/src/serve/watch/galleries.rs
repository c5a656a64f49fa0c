//! Reloads galleries when their files change.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use mango_inference::{Gallery, Predictor};

use super::file_fingerprint::{FileFingerprint, fingerprint};
use crate::model::{Current, GalleryError, Model, load_all, load_gallery};
use crate::output::terminal::{classes, photos};
use crate::periodic;

/// Polling interval of the files.
const PERIOD: Duration = Duration::from_secs(2);

/// A model and its watched galleries.
#[derive(Debug)]
pub(in crate::serve) struct Galleries {
    model: Model,
    files: Vec<Watched>,
}

/// A watched file and its last gallery.
#[derive(Debug)]
struct Watched {
    path: PathBuf,
    fingerprint: Option<FileFingerprint>,
    gallery: Gallery,
    /// Whether the last read failed; it was already logged.
    unread: bool,
}

impl Galleries {
    /// Loads the files and builds the predictor.
    ///
    /// # Errors
    /// A file that cannot be used, or that conflicts with another one.
    pub(in crate::serve) fn load(model: Model, paths: &[PathBuf]) -> anyhow::Result<(Self, Predictor)> {
        // Fingerprints are taken before the files are read, so that a change in between is noticed at the next poll.
        let fingerprints: Vec<_> = paths.iter().map(|path| fingerprint(path)).collect();
        let galleries = load_all(paths, &model)?;
        let predictor = model.with(&galleries).context("cannot use these galleries together")?;
        let files = paths.iter().zip(fingerprints).zip(galleries);
        let files: Vec<Watched> = files
            .map(|((path, fingerprint), gallery)| Watched { path: path.clone(), fingerprint, gallery, unread: false })
            .collect();
        files.iter().for_each(Watched::announce);
        Ok((Self { model, files }, predictor))
    }

    /// Starts a thread that watches the files for the lifetime of the program.
    pub(in crate::serve) fn watch(mut self, current: Current) -> io::Result<()> {
        if self.files.is_empty() {
            return Ok(());
        }
        periodic::start("galleries", PERIOD, move || {
            if let Some((predictor, changed)) = self.look() {
                current.replace(predictor);
                changed.into_iter().for_each(Watched::announce);
            }
        })
    }

    /// The new predictor and the changed files, if any file changed. A file that cannot be used is logged, and its last
    /// gallery is kept.
    fn look(&mut self) -> Option<(Predictor, Vec<&Watched>)> {
        let news: Vec<Option<Gallery>> = self.files.iter_mut().map(|file| file.read_again(&self.model)).collect();
        if news.iter().all(Option::is_none) {
            return None;
        }
        let changed: Vec<bool> = news.iter().map(Option::is_some).collect();
        let galleries =
            news.into_iter().zip(&self.files).map(|(new, file)| new.unwrap_or_else(|| file.gallery.clone()));
        let galleries: Vec<Gallery> = galleries.collect();
        match self.model.with(&galleries) {
            Ok(predictor) => {
                for (file, gallery) in self.files.iter_mut().zip(galleries) {
                    file.gallery = gallery;
                }
                let files = self.files.iter().zip(changed);
                Some((predictor, files.filter(|(_, changed)| *changed).map(|(file, _)| file).collect()))
            }
            Err(error) => {
                tracing::warn!("cannot use the galleries together, keeping the old ones: {error}");
                None
            }
        }
    }
}

impl Watched {
    /// Reloads the file if it changed. Returns the gallery if it can be used.
    fn read_again(&mut self, model: &Model) -> Option<Gallery> {
        let fingerprint = fingerprint(&self.path);
        if fingerprint == self.fingerprint {
            return None;
        }
        let read = load_gallery(&self.path, model);
        // A read error is retried at the next poll without a change of the file.
        let unread = matches!(read, Err(GalleryError::Read { .. }));
        if !unread {
            self.fingerprint = fingerprint;
        }
        match read {
            Ok(gallery) => {
                self.unread = false;
                Some(gallery)
            }
            Err(error) => {
                if !(unread && self.unread) {
                    tracing::warn!("{error}; keeping the previous {}", photos(self.gallery.len()));
                }
                self.unread = unread;
                None
            }
        }
    }

    fn announce(&self) {
        let (photos, classes) = (photos(self.gallery.len()), classes(self.gallery.classes().count()));
        tracing::info!("gallery {}: {photos} of {classes}", self.path.display());
    }
}
