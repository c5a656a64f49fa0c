//! Each photo of a gallery held against all others.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread;

use mango_inference::{ClassId, Gallery, PhotoKey, Prediction, UseError};

use crate::model::Model;
use crate::progress;

/// What the others say of a photo.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reviewed {
    pub(super) key: PhotoKey,
    /// The class that the gallery has it under.
    pub(super) class: ClassId,
    /// The class that the others put first.
    pub(super) called: ClassId,
    /// How likely they call that, 0 to 1.
    pub(super) probability: f32,
    /// Whether they know the photo's class: they do not where it was the only photo of a class of its own.
    pub(super) known: bool,
}

/// Names each photo as the model does that was taught all others, those of its own galleries among them.
///
/// # Errors
/// Those of [`mango_inference::Predictor::leave_one_out`].
pub(super) fn review(gallery: &Gallery, model: &Model, what: &'static str) -> Result<Vec<Reviewed>, UseError> {
    let galleries = [std::slice::from_ref(gallery), model.own()].concat();
    let photos: Vec<_> = gallery.photos().map(|(class, key, _)| (class, *key)).collect();
    let bar = progress::bar(photos.len(), what);
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let share = photos.len().div_ceil(workers).max(1);
    let reviewed = thread::scope(|scope| {
        let one = |&(class, key): &(&ClassId, PhotoKey)| {
            let prediction = model.bare().leave_one_out(&galleries, key)?;
            bar.inc(1);
            Ok(Reviewed::of(class, key, &prediction))
        };
        let work = |photos| move || -> Result<Vec<_>, UseError> { <[_]>::iter(photos).map(one).collect() };
        let workers: Vec<_> = photos.chunks(share).map(|photos| scope.spawn(work(photos))).collect();
        let joined = workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)));
        joined.collect::<Result<Vec<_>, _>>()
    });
    bar.finish_and_clear();
    Ok(reviewed?.concat())
}

impl Reviewed {
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
