//! Photo files to add to a gallery.

use std::path::PathBuf;

use anyhow::{Context, bail, ensure};
use mango_inference::{PhotoKey, PhotoLimits, StoredEmbedding};

use crate::model::Model;
use crate::output::terminal::{photos as photos_of, printable, printable_path};
use crate::photo;

/// A photo file that was read and decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PhotoFile {
    pub(super) path: PathBuf,
    pub(super) key: PhotoKey,
}

impl PhotoFile {
    /// The path for display.
    pub(super) fn name(&self) -> String {
        printable_path(&self.path)
    }

    /// The embedding that a gallery stores of the photo.
    ///
    /// # Errors
    /// The photo cannot be read or decoded any more, or its file has changed.
    pub(super) fn embed(&self, model: &Model) -> anyhow::Result<StoredEmbedding> {
        let bytes = photo::read(&self.path).with_context(|| self.name())?;
        ensure!(PhotoKey::of(&bytes) == self.key, "{} changed while it was read; try again", self.name());
        let detail = model.bare().manifest().preprocessing.embedding_detail();
        let limits = PhotoLimits::default().with_detail(detail);
        let photo = photo::decode_within(&bytes, limits).with_context(|| self.name())?;
        model.bare().embed(&photo).with_context(|| self.name())
    }
}

/// Reads and decodes photos, with one photo in memory at a time.
///
/// # Errors
/// Lists every photo that cannot be used.
pub(super) fn check(paths: &[PathBuf]) -> anyhow::Result<Vec<PhotoFile>> {
    let mut photos = Vec::new();
    let mut refused = Vec::new();
    for path in paths {
        let checked = photo::read(path).and_then(|bytes| photo::decode(&bytes).map(|_| PhotoKey::of(&bytes)));
        match checked {
            Ok(key) => photos.push(PhotoFile { path: path.clone(), key }),
            Err(problem) => refused.push(format!("  {}: {}", printable_path(path), printable(problem.detail()))),
        }
    }
    if !refused.is_empty() {
        let (bad, all) = (refused.len(), photos_of(paths.len()));
        bail!("{bad} of {all} cannot be used, so nothing was changed\n{}", refused.join("\n"));
    }
    Ok(photos)
}
