//! One prediction for several photos of one plant.

use std::path::PathBuf;

use mango_inference::{Observation, PoolError, Prediction, Predictor};

use crate::photo::open;
use crate::problem::Problem;

/// The pooled prediction, or all photos with a problem, so that the user can take them again.
pub(super) type Outcome<'a> = Result<Prediction, Vec<Refused<'a>>>;

/// A photo with a problem.
#[derive(Debug)]
pub(super) struct Refused<'a> {
    pub(super) photo: &'a PathBuf,
    pub(super) problem: Problem,
}

/// Opens one photo at a time, so that only one is in memory.
pub(super) fn answer<'a>(predictor: &Predictor, photos: &'a [PathBuf]) -> Result<Outcome<'a>, PoolError> {
    let mut observations = Vec::new();
    let mut refused = Vec::new();
    for photo in photos {
        match open(photo, predictor).and_then(|photo| Ok(predictor.observe_photo(&photo)?)) {
            Ok(observation) => observations.push(observation),
            Err(problem) => refused.push(Refused { photo, problem }),
        }
    }
    if !refused.is_empty() {
        return Ok(Err(refused));
    }
    Ok(Ok(predictor.classify(&Observation::pool(&observations)?)))
}
