//! Few-shot classes, ranked together with the trained classes.
//!
//! Kernel ridge regression on the residual of the trained classifier: the similarity of a photo to the galleries'
//! photos corrects its logits, so that each gallery photo's own class leads by a margin. For a photo whose embedding is
//! orthogonal to all of them, the trained logits stay unchanged. Cosine prototypes are the limit of a strong ridge; a
//! weaker ridge adapts trained classes to an orchard better. The regression is the mean of a Gaussian process, whose
//! variance is used as the photo's novelty. The card of `models/gallery` has the figures.

mod calibration;
mod cholesky;
mod kernel;
mod unfamiliarity;

pub use calibration::FewPhotosCalibration;
pub use unfamiliarity::Unfamiliarity;

use crate::catalog::ClassId;
use cholesky::Cholesky;
use kernel::{Kernel, Placed};

/// Weight of the ridge, relative to the number of the class's photos.
const RIDGE: f64 = 0.5;

/// Target margin of a gallery photo's class over every other class, in logits.
const MARGIN: f64 = 30.0;

/// Upper bound of the correction of one photo, however wrong the trained logits are: it bounds the influence of a
/// photo.
const MOST: f64 = 2.0 * MARGIN;

/// A few-shot class's prior in the fit: this many logits below the best trained class. It does not depend on the photo,
/// so that the galleries' photos raise their class by the same margin whatever the trained classes make of them.
const BEHIND: f64 = 10.0;

/// A few-shot class's prior of a photo whose log-odds of showing none of the trained classes are 0: this many logits
/// below the best trained class.
const EVEN_ODDS: f64 = 1.0;

/// How many logits that prior rises with the log-odds, up to that of the best trained class. The higher, the less do
/// leaves of the trained classes look like a few-shot class.
const RISE: f64 = 1.5;

/// The cosine from which on two photos count as the same: a gallery photo is recognised, whatever its out-of-domain
/// score.
const SAME: f64 = 0.8;

/// A few-shot classifier, fitted to galleries.
#[derive(Clone, Debug)]
pub(crate) struct FewPhotos {
    kernel: Kernel,
    photos: Vec<Placed>,
    factor: Cholesky,
    /// One row per photo, one column per class, trained classes first.
    coefficients: Vec<Vec<f64>>,
    classes: Vec<ClassId>,
    trained: usize,
    counts: Vec<usize>,
}

/// A gallery photo: its class, embedding and logits.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    pub(crate) class: ClassId,
    pub(crate) embedding: Vec<f32>,
    /// The trained classes' logits.
    pub(crate) logits: Vec<f32>,
}

/// Logits of trained classes and few-photo classes.
#[derive(Clone, Debug, PartialEq)]
pub struct Joined {
    /// One logit per class, before temperature and softmax: the trained classes in the manifest's order, then the
    /// few-shot classes in order of their ids.
    pub logits: Vec<f32>,
    /// Novelty of the photo, 0 to 1: the posterior variance of the Gaussian process, and 0 for a photo that counts as
    /// the same as a gallery photo.
    pub novelty: f32,
}

impl FewPhotos {
    /// Fits the classifier to examples, whose order must be the same for the same photos. `centre` and `basis` are
    /// those of the model's subspace of known leaves.
    ///
    /// `None` if there are no examples.
    pub(crate) fn fit(trained: &[ClassId], centre: Vec<f32>, basis: &[Vec<f32>], examples: &[Example]) -> Option<Self> {
        if examples.is_empty() {
            return None;
        }
        let mut classes = trained.to_vec();
        for example in examples {
            if !classes.contains(&example.class) {
                classes.push(example.class.clone());
            }
        }
        let class_of = |example: &Example| classes.iter().position(|id| *id == example.class).unwrap_or_default();
        let labels: Vec<usize> = examples.iter().map(class_of).collect();
        let mut counts = vec![0; classes.len()];
        for label in &labels {
            counts[*label] += 1;
        }
        let embeddings: Vec<&[f32]> = examples.iter().map(|example| example.embedding.as_slice()).collect();
        let kernel = Kernel::new(centre, basis, &embeddings, &labels)?;
        let photos: Vec<Placed> = embeddings.iter().map(|embedding| kernel.place(embedding)).collect();
        let factor = Cholesky::of(photos.len(), |i, j| {
            let ridge = if i == j { RIDGE * counts[labels[i]] as f64 } else { 0.0 };
            photos[i].similarity(&photos[j]) + ridge
        })?;
        let mut coefficients = vec![vec![0.0; classes.len()]; examples.len()];
        let bases: Vec<Vec<f64>> =
            examples.iter().map(|example| base(&example.logits, -BEHIND, classes.len())).collect();
        for class in 0..classes.len() {
            let wanted =
                labels.iter().zip(&bases).map(|(label, base)| if *label == class { lead(base, class) } else { 0.0 });
            for (row, value) in coefficients.iter_mut().zip(factor.solve(&wanted.collect::<Vec<_>>())) {
                row[class] = value;
            }
        }
        Some(Self { kernel, photos, factor, coefficients, classes, trained: trained.len(), counts })
    }

    /// Trained classes in the model's order, then the others.
    pub(crate) fn classes(&self) -> &[ClassId] {
        &self.classes
    }

    /// Whether the class is a few-shot class.
    pub(crate) fn is_new(&self, class: usize) -> bool {
        class >= self.trained
    }

    /// Number of the class's photos in the galleries.
    pub(crate) fn photos(&self, class: usize) -> usize {
        self.counts.get(class).copied().unwrap_or_default()
    }

    /// The logits of all classes, from a photo's embedding, its logits of the trained classes, and the evidence that it
    /// shows none of them.
    pub(crate) fn join(&self, embedding: &[f32], logits: &[f32], unfamiliarity: Unfamiliarity) -> Joined {
        let place = self.kernel.place(embedding);
        let likeness: Vec<f64> = self.photos.iter().map(|photo| photo.similarity(&place)).collect();
        let mut joined = base(logits, prior(unfamiliarity), self.classes.len());
        for (likeness, row) in likeness.iter().zip(&self.coefficients) {
            for (logit, coefficient) in joined.iter_mut().zip(row) {
                *logit += likeness * coefficient;
            }
        }
        let explained: f64 = self.factor.half_solve(&likeness).iter().map(|value| value * value).sum();
        let known = likeness.iter().any(|likeness| *likeness >= SAME);
        let novelty = if known { 0.0 } else { (1.0 - explained).clamp(0.0, 1.0) as f32 };
        Joined { logits: joined.into_iter().map(|logit| logit as f32).collect(), novelty }
    }

    /// The gradient `[length]`, at that embedding, of the class's logit minus the mean of all logits, as far as the
    /// galleries' photos contribute to it.
    pub(crate) fn direction(&self, class: usize, embedding: &[f32]) -> Vec<f32> {
        let over = |row: &Vec<f64>| {
            let mean = row.iter().sum::<f64>() / row.len().max(1) as f64;
            row.get(class).map_or(0.0, |coefficient| coefficient - mean)
        };
        let weights: Vec<f64> = self.coefficients.iter().map(over).collect();
        self.kernel.direction(&self.photos, &weights, embedding)
    }
}

/// A few-shot class's prior, in logits relative to the best trained class.
fn prior(unfamiliarity: Unfamiliarity) -> f64 {
    (RISE * unfamiliarity.log_odds() - EVEN_ODDS).min(0.0)
}

/// Prior logits: those of the trained classes, and those of the few-shot classes.
fn base(logits: &[f32], prior: f64, classes: usize) -> Vec<f64> {
    let first = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut base: Vec<f64> = logits.iter().map(|logit| f64::from(*logit)).collect();
    base.resize(classes, f64::from(first) + prior);
    base
}

/// The logits that `class` lacks to lead every other class by the margin.
fn lead(base: &[f64], class: usize) -> f64 {
    let others = base.iter().enumerate().filter(|(other, _)| *other != class).map(|(_, logit)| *logit);
    let highest = others.fold(f64::NEG_INFINITY, f64::max);
    (MARGIN - (base[class] - highest)).clamp(0.0, MOST)
}

#[cfg(test)]
mod tests;
