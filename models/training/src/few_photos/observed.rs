//! A model's observation of photos, and their embeddings for a gallery.

use std::fs;

use anyhow::{Context, Result};
use mango_inference::{Gallery, Observation, Photo, PhotoKey, Predictor, StoredEmbedding};
use rayon::prelude::*;

use crate::photos::dataset::{Dataset, Sample};
use crate::progress;

/// One photo of a set.
#[derive(Clone, Debug)]
pub(super) struct Observed {
    pub(super) sample: Sample,
    pub(super) key: PhotoKey,
    /// The observation of the photo.
    pub(super) shown: Observation,
    /// The embedding for a gallery.
    pub(super) kept: StoredEmbedding,
}

/// Every photo of a set, in its order.
pub(super) fn observe(predictor: &Predictor, dataset: &Dataset, what: &'static str) -> Result<Vec<Observed>> {
    let bar = progress::bar(dataset.samples.len(), what);
    let observed = dataset
        .samples
        .par_iter()
        .map(|sample| {
            let path = dataset.root.join(&sample.path);
            let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let photo = Photo::decode(&bytes).with_context(|| format!("cannot take {}", path.display()))?;
            let (shown, kept) = (predictor.observe_photo(&photo)?, predictor.embed(&photo)?);
            bar.inc(1);
            Ok(Observed { sample: sample.clone(), key: PhotoKey::of(&bytes), shown, kept })
        })
        .collect();
    bar.finish_and_clear();
    observed
}

/// A gallery of these photos.
pub(super) fn gallery<'a>(predictor: &Predictor, photos: impl IntoIterator<Item = &'a Observed>) -> Result<Gallery> {
    let empty = Gallery::new(predictor.embedding_id());
    photos.into_iter().try_fold(empty, |gallery, photo| {
        gallery
            .with_photo(&photo.sample.class, photo.key, photo.kept.clone())
            .with_context(|| photo.sample.path.clone())
    })
}
