//! Several photos of one plant, one prediction.

use std::path::PathBuf;

use mango_inference::{Observation, PoolError, Prediction, Predictor};

use crate::model;
use crate::photo_file::open;
use crate::problem::Problem;

/// What pooled photos show together, or every photo that has a problem: a grower who took it wants to know, and to
/// take it again.
pub(super) type Outcome<'a> = Result<Prediction, Vec<Refused<'a>>>;

/// A photo that keeps the others from being pooled.
#[derive(Debug)]
pub(super) struct Refused<'a> {
    pub(super) photo: &'a PathBuf,
    pub(super) problem: Problem,
}

/// Opens one photo at a time, so that only one lies in memory.
pub(super) fn answer<'a>(predictor: &Predictor, photos: &'a [PathBuf]) -> Result<Outcome<'a>, PoolError> {
    let mut observations = Vec::new();
    let mut refused = Vec::new();
    for photo in photos {
        match open(photo, predictor).and_then(|photo| model::observe(predictor, &photo)) {
            Ok(observation) => observations.push(observation),
            Err(problem) => refused.push(Refused { photo, problem }),
        }
    }
    if !refused.is_empty() {
        return Ok(Err(refused));
    }
    Ok(Ok(predictor.classify(&Observation::pool(&observations)?)))
}
