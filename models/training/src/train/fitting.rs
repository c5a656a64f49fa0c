//! The classifier, its calibration and its limits, as validation chooses them.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use mango_inference::{Calibration, Domain, Weights};

use super::rounded;
use crate::calibrate::{self, Answer};
use crate::classifier::{self, Labelled};
use crate::domain;
use crate::features::Features;
use crate::measure::metrics::{Confusion, highest};
use crate::recipe::Recipe;

/// A classifier, rounded as the bundle will hold it, and what validation says of it.
pub(super) struct Fitted {
    pub(super) weights: Weights,
    pub(super) decay: f64,
    pub(super) calibration: Calibration,
    pub(super) domain: Option<Domain>,
    pub(super) measured: BTreeMap<String, f64>,
}

/// What validation shows.
pub(super) struct Validation<'a> {
    /// Embeddings of the photos as they are.
    pub(super) plain: &'a Features,
    /// Embeddings of the photos as other cameras would show them, a draw each.
    pub(super) varied: &'a [Features],
    /// The class of each photo.
    pub(super) labels: &'a [usize],
    /// The subspace of known leaves.
    pub(super) subspace: Option<&'a Weights>,
}

/// Fits the classifier with every decay and keeps the one of least calibrated loss on validation.
pub(super) fn classifier(recipe: &Recipe, classes: usize, train: Labelled<'_>, val: &Validation<'_>) -> Result<Fitted> {
    let plain = val.distances(val.plain)?;
    let varied: Vec<Option<Vec<f32>>> = val.varied.iter().map(|rows| val.distances(rows)).collect::<Result<_>>()?;
    let limits = match (recipe.domain, &plain) {
        (Some(how), Some(plain)) => {
            let varied: Vec<f32> = varied.iter().flatten().flatten().copied().collect();
            Some(domain::limits(plain, &varied, how.keep)?)
        }
        _ => None,
    };
    println!("{:>9} {:>8} {:>8} {:>8} {:>12}", "decay", "val loss", "val acc", "val F1", "varied acc");
    let mut best: Option<Fitted> = None;
    for decay in &recipe.classifier.decays {
        let weights = rounded(classifier::fit(train, classes, *decay)?, recipe.precision)?;
        let answers = |rows: &Features, distances: &Option<Vec<f32>>| {
            let logits = classifier::logits(&weights, rows, classes)?;
            Ok(val.answers(logits, distances.as_deref(), limits))
        };
        let plain = answers(val.plain, &plain)?;
        let varied: Vec<Vec<Answer>> =
            val.varied.iter().zip(&varied).map(|(rows, distances)| answers(rows, distances)).collect::<Result<_>>()?;
        let varied = varied.concat();
        let calibration = calibrate::fit(&plain, &varied);
        let measured = figures(classes, &calibration, &plain, &varied);
        let figure = |name: &str| measured.get(name).copied().unwrap_or(f64::NAN);
        println!(
            "{decay:>9.1e} {:>8.4} {:>8.4} {:>8.4} {:>12.4}",
            figure("val.nll"),
            figure("val.accuracy"),
            figure("val.macro_f1"),
            figure("val.varied_accuracy")
        );
        let loss = |fitted: &Fitted| fitted.measured.get("val.nll").copied().unwrap_or(f64::INFINITY);
        let fitted = Fitted { decay: *decay, calibration, domain: limits, measured, weights };
        if best.as_ref().is_none_or(|best| loss(&fitted) < loss(best)) {
            best = Some(fitted);
        }
    }
    best.context("the recipe has no decay to try")
}

impl Validation<'_> {
    fn distances(&self, rows: &Features) -> Result<Option<Vec<f32>>> {
        self.subspace.map(|subspace| domain::distances(subspace, rows)).transpose()
    }

    fn answers(&self, logits: Vec<Vec<f32>>, distances: Option<&[f32]>, limits: Option<Domain>) -> Vec<Answer> {
        let score = |row: usize| Some(limits?.score(*distances?.get(row)?));
        let labelled = logits.into_iter().zip(self.labels).enumerate();
        labelled.map(|(row, (logits, label))| Answer { logits, out_of_domain: score(row), label: *label }).collect()
    }
}

/// What the manifest says was measured on validation.
fn figures(classes: usize, calibration: &Calibration, plain: &[Answer], varied: &[Answer]) -> BTreeMap<String, f64> {
    let untempered = Calibration { temperature: 1.0, slope: 0.0, confident: 1.0 };
    let count = |answers: &[Answer]| {
        Confusion::count(classes, answers.iter().map(|answer| (answer.label, highest(&answer.logits))))
    };
    let figures = [
        ("val.accuracy", count(plain).accuracy()),
        ("val.macro_f1", count(plain).macro_f1()),
        ("val.varied_accuracy", count(varied).accuracy()),
        ("val.nll", calibrate::negative_log_likelihood(calibration, plain)),
        ("val.nll_before_temperature", calibrate::negative_log_likelihood(&untempered, plain)),
        ("val.ece", calibrate::calibration_error(calibration, plain)),
        ("val.ece_before_temperature", calibrate::calibration_error(&untempered, plain)),
        ("val.varied_ece", calibrate::calibration_error(calibration, varied)),
    ];
    figures.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
