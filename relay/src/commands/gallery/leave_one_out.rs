//! Leave-one-out test: each photo of a gallery is classified by all others.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread;

use mango_inference::{ClassId, Gallery, PhotoKey, Prediction, UseError};

use crate::model::Model;
use crate::output::progress;

/// The result for one photo.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Outcome {
    pub(super) key: PhotoKey,
    /// The photo's class in the gallery.
    pub(super) class: ClassId,
    /// The class that the others predict.
    pub(super) called: ClassId,
    /// The probability of that class, 0 to 1.
    pub(super) probability: f32,
    /// Whether the others contain the photo's class. They do not for the only photo of a new class.
    pub(super) known: bool,
}

/// Classifies each photo with a model that has all other photos, those of its own galleries included.
///
/// # Errors
/// Those of [`mango_inference::Predictor::leave_one_out`].
pub(super) fn leave_one_out(gallery: &Gallery, model: &Model, what: &'static str) -> Result<Vec<Outcome>, UseError> {
    let galleries = [std::slice::from_ref(gallery), model.own()].concat();
    let photos: Vec<_> = gallery.photos().map(|(class, key, _)| (class, *key)).collect();
    let bar = progress::bar(photos.len(), what);
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let share = photos.len().div_ceil(workers).max(1);
    let outcomes = thread::scope(|scope| {
        let one = |&(class, key): &(&ClassId, PhotoKey)| {
            let prediction = model.bare().leave_one_out(&galleries, key)?;
            bar.inc(1);
            Ok(Outcome::of(class, key, &prediction))
        };
        let work = |photos| move || -> Result<Vec<_>, UseError> { <[_]>::iter(photos).map(one).collect() };
        let workers: Vec<_> = photos.chunks(share).map(|photos| scope.spawn(work(photos))).collect();
        let joined = workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)));
        joined.collect::<Result<Vec<_>, _>>()
    });
    bar.finish_and_clear();
    Ok(outcomes?.concat())
}

impl Outcome {
    fn of(class: &ClassId, key: PhotoKey, prediction: &Prediction) -> Self {
        let best = prediction.best();
        Self {
            key,
            class: class.clone(),
            called: best.map_or(class, |best| &best.id).clone(),
            probability: best.map_or(0.0, |best| best.probability),
            known: prediction.classes.iter().any(|ranked| ranked.id == *class),
        }
    }
}
