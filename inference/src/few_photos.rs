//! Classes learnt from a few photos, joined with the trained ones in one ranking.
//!
//! Kernel ridge regression on what the trained classifier leaves to be said: a photo's logits are corrected by those
//! photos of the galleries that it is like, so that each of them would come first by a margin. Where a photo has
//! nothing in common with them, at right angles in the embedding, the trained classes answer as before. Cosine
//! prototypes are its limit under a strong ridge; a weaker one adapts trained classes to an orchard better. As a
//! Gaussian process's mean it comes with a variance, which is how new a photo is. The card of `models/gallery` has the
//! figures.

mod calibration;
mod cholesky;
mod kernel;

pub use calibration::FewPhotosCalibration;

use crate::class::ClassId;
use cholesky::Cholesky;
use kernel::{Kernel, Placed};

/// How much the ridge weighs beside each class's photos.
const RIDGE: f64 = 2.0;

/// The lead that a gallery's photo is to have over every other class, in logits.
const MARGIN: f64 = 30.0;

/// The lead that is asked for at most, however wrong the trained classes are about the photo: what one photo may do has
/// a bound.
const MOST: f64 = 2.0 * MARGIN;

/// How far a class of few photos lies behind the first trained one while nothing speaks for it, in logits.
const BEHIND: f64 = 6.0;

/// How many logits of that it makes up as the out-of-domain score grows e-fold: what is no known leaf may well be one
/// of the few.
const RISE: f64 = 4.0;

/// The cosine from which on two photos are hardly to be told apart: what was taught is known again, be it as far from
/// a leaf as it likes.
const SAME: f64 = 0.8;

/// What the galleries teach a model.
#[derive(Clone, Debug)]
pub(crate) struct FewPhotos {
    kernel: Kernel,
    photos: Vec<Placed>,
    factor: Cholesky,
    /// A row a photo, a column a class: trained ones first.
    coefficients: Vec<Vec<f64>>,
    classes: Vec<ClassId>,
    trained: usize,
    counts: Vec<usize>,
}

/// A photo of a gallery as the model sees it.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    pub(crate) class: ClassId,
    pub(crate) embedding: Vec<f32>,
    /// The trained classes' logits.
    pub(crate) logits: Vec<f32>,
    pub(crate) out_of_domain: Option<f32>,
}

/// Logits of trained classes and few-photo classes.
#[derive(Clone, Debug, PartialEq)]
pub struct Joined {
    /// A number a class, before temperature and softmax: the trained classes in the manifest's order, then the others
    /// in that of their ids.
    pub logits: Vec<f32>,
    /// How unlike the galleries' photos this one is, 0 to 1: the variance that they leave of 1, and 0 for one that is
    /// hardly to be told from one of them.
    pub novelty: f32,
}

impl FewPhotos {
    /// Learns the examples, whose order must be the same for the same photos. `centre` and `basis` are those of the
    /// model's subspace of known leaves.
    ///
    /// Nothing if there are no examples.
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
            examples.iter().map(|example| base(&example.logits, example.out_of_domain, classes.len())).collect();
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

    /// Whether the class is known from few photos alone.
    pub(crate) fn is_new(&self, class: usize) -> bool {
        class >= self.trained
    }

    /// Photos of the class in the galleries.
    pub(crate) fn photos(&self, class: usize) -> usize {
        self.counts.get(class).copied().unwrap_or_default()
    }

    /// The logits of all classes for a photo with that embedding, and those logits of the trained ones.
    pub(crate) fn join(&self, embedding: &[f32], logits: &[f32], out_of_domain: Option<f32>) -> Joined {
        let place = self.kernel.place(embedding);
        let likeness: Vec<f64> = self.photos.iter().map(|photo| photo.similarity(&place)).collect();
        let mut joined = base(logits, out_of_domain, self.classes.len());
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

    /// The direction of the embedding, `[length]`, in which the galleries' photos raise the class's logit over the mean
    /// of all classes most, at the photo with that embedding.
    pub(crate) fn direction(&self, class: usize, embedding: &[f32]) -> Vec<f32> {
        let over = |row: &Vec<f64>| {
            let mean = row.iter().sum::<f64>() / row.len().max(1) as f64;
            row.get(class).map_or(0.0, |coefficient| coefficient - mean)
        };
        let weights: Vec<f64> = self.coefficients.iter().map(over).collect();
        self.kernel.direction(&self.photos, &weights, embedding)
    }
}

/// Logits before the galleries speak: the trained ones, and each other class behind the first of them.
fn base(logits: &[f32], out_of_domain: Option<f32>, classes: usize) -> Vec<f64> {
    let first = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let new = f64::from(first) - BEHIND + RISE * f64::from(out_of_domain.unwrap_or(1.0)).ln();
    let mut base: Vec<f64> = logits.iter().map(|logit| f64::from(*logit)).collect();
    base.resize(classes, new);
    base
}

/// What `class` lacks to the margin over every other.
fn lead(base: &[f64], class: usize) -> f64 {
    let others = base.iter().enumerate().filter(|(other, _)| *other != class).map(|(_, logit)| *logit);
    let highest = others.fold(f64::NEG_INFINITY, f64::max);
    (MARGIN - (base[class] - highest)).clamp(0.0, MOST)
}

#[cfg(test)]
mod tests;
