//! What a photo under the wrong class does to a gallery, and whether a review finds it.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use mango_inference::{ClassId, Gallery, PhotoKey, Predictor};
use rayon::prelude::*;

use super::observed::{Observed, gallery};
use crate::measure::metrics::share;

/// Every so manieth photo is put under a wrong class, one at a time.
const EVERY: usize = 6;

/// Galleries with one wrong photo each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WrongReport {
    /// How many wrong photos were tried.
    pub tried: usize,
    /// Share of the wrong photos that the review lists.
    pub found: f64,
    /// Share of the right photos that the review of the sound gallery lists.
    pub listed_though_right: f64,
    /// Share of the other photos that are called right with a wrong one among them, mean of all tries.
    pub after: f64,
}

pub(super) fn evaluate(predictor: &Predictor, photos: &[Observed], classes: &[ClassId]) -> Result<WrongReport> {
    let sound = gallery(predictor, photos)?;
    let listed_though_right = share(review(predictor, &sound)?.values(), |right| !*right);
    let wrong: Vec<&Observed> = photos.iter().step_by(EVERY).collect();
    let tries = wrong
        .iter()
        .enumerate()
        .map(|(i, photo)| {
            let own = classes.iter().position(|class| *class == photo.sample.class).context("an unknown class")?;
            // Another class each time, so that the tries spread over all pairs.
            let other = &classes[(own + 1 + i % (classes.len() - 1)) % classes.len()];
            let spoilt = sound.without_photo(photo.key)?.with_photo(other, photo.key, photo.kept.clone())?;
            let reviewed = review(predictor, &spoilt)?;
            let found = !reviewed.get(&photo.key).copied().unwrap_or(true);
            let others = reviewed.iter().filter(|(key, _)| **key != photo.key);
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

/// Of each photo, whether all the others call it what it stands under.
fn review(predictor: &Predictor, gallery: &Gallery) -> Result<BTreeMap<PhotoKey, bool>> {
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
    /// Share of all photos that are called right before one is put under a wrong class.
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
            "\n{tried} photos put under a wrong class, one at a time\n\
             {:44} {found:.3}\n{:44} {listed_though_right:.3}\n{:44} {before:.3} -> {after:.3}\n",
            "found by the review", "right photos that the review lists too", "others called right",
        )
    }
}
