//! The effect of a mislabelled photo in a gallery, and whether leave-one-out finds it.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use mango_inference::{ClassId, Gallery, PhotoKey, Predictor};
use rayon::prelude::*;

use super::observed::{Observed, gallery};
use crate::measure::metrics::share;

/// Every sixth photo is mislabelled, one at a time.
const EVERY: usize = 6;

/// Results of galleries with one mislabelled photo each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WrongReport {
    /// Number of mislabelled photos.
    pub tried: usize,
    /// Share of the mislabelled photos that leave-one-out lists.
    pub found: f64,
    /// Share of the photos that leave-one-out lists in the gallery without wrong labels.
    pub listed_though_right: f64,
    /// Accuracy on the other photos with one mislabelled photo in the gallery, mean over all tries.
    pub after: f64,
}

pub(super) fn evaluate(predictor: &Predictor, photos: &[Observed], classes: &[ClassId]) -> Result<WrongReport> {
    let sound = gallery(predictor, photos)?;
    let listed_though_right = share(leave_one_out(predictor, &sound)?.values(), |right| !*right);
    let wrong: Vec<&Observed> = photos.iter().step_by(EVERY).collect();
    let tries = wrong
        .iter()
        .enumerate()
        .map(|(i, photo)| {
            let own = classes.iter().position(|class| *class == photo.sample.class).context("an unknown class")?;
            // A different wrong class each time, so that the tries cover all pairs.
            let other = &classes[(own + 1 + i % (classes.len() - 1)) % classes.len()];
            let spoilt = sound.without_photo(photo.key)?.with_photo(other, photo.key, photo.kept.clone())?;
            let results = leave_one_out(predictor, &spoilt)?;
            let found = !results.get(&photo.key).copied().unwrap_or(true);
            let others = results.iter().filter(|(key, _)| **key != photo.key);
            Ok((found, share(others, |(_, right)| *right)))
        })
        .collect::<Result<Vec<(bool, f64)>>>()?;
    Ok(WrongReport {
        tried: tries.len(),
        found: share(&tries, |(found, _)| *found),
        listed_though_right,
        after: tries.iter().map(|(_, share)| share).sum::<f64>() / tries.len().max(1) as f64,
    })
}

/// For each photo, whether leave-one-out gives its label.
fn leave_one_out(predictor: &Predictor, gallery: &Gallery) -> Result<BTreeMap<PhotoKey, bool>> {
    let photos: Vec<(&ClassId, &PhotoKey, _)> = gallery.photos().collect();
    photos
        .par_iter()
        .map(|(class, key, _)| {
            let prediction = predictor.leave_one_out(std::slice::from_ref(gallery), **key)?;
            Ok((**key, prediction.best().is_some_and(|best| best.id == **class)))
        })
        .collect()
}

impl WrongReport {
    /// Accuracy on all photos without a mislabelled one.
    #[must_use]
    pub fn before(&self) -> f64 {
        1.0 - self.listed_though_right
    }

    /// The figures as a table.
    #[must_use]
    pub fn to_text(&self) -> String {
        let Self { tried, found, listed_though_right, after } = self;
        let before = self.before();
        format!(
            "\n{tried} photos mislabelled, one at a time\n\
             {:44} {found:.3}\n{:44} {listed_though_right:.3}\n{:44} {before:.3} -> {after:.3}\n",
            "found by leave-one-out", "correctly labelled photos listed too", "accuracy on the others",
        )
    }
}
