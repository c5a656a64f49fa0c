//! The linear classifier on the embeddings.

use anyhow::{Context, Result};
use mango_inference::Weights;

use super::confidence::{self, Answer};
use super::rounded;
use crate::head::classifier::{self, Labelled};
use crate::photos::sources::Target;
use crate::recipe::Recipe;
use crate::trunk::features::Features;

pub(super) use crate::head::classifier::logits;

/// A classifier, rounded as the bundle will hold it, and the weight decay that it was fitted with.
#[derive(Debug, Default)]
pub(super) struct Classifier {
    pub(super) weights: Weights,
    pub(super) decay: f64,
}

/// Fits the classifier with every decay and keeps the one of least calibrated loss on validation.
pub(super) fn classifier(
    recipe: &Recipe,
    features: &Features,
    targets: &[Target],
    weights: &[f32],
    validation: impl Fn(&Weights) -> Result<Vec<Answer>>,
) -> Result<Classifier> {
    println!("{:>9} {:>8} {:>8}", "decay", "val loss", "val acc");
    let mut best: Option<(f64, Classifier)> = None;
    for decay in &recipe.classifier.decays {
        let fitted = classifier::fit(Labelled { features, targets, weights }, *decay)?;
        let weights = rounded(fitted, recipe.precision)?;
        let answers = validation(&weights)?;
        let (loss, accuracy) = confidence::loss_and_accuracy(&answers);
        println!("{decay:>9.1e} {loss:>8.4} {accuracy:>8.4}");
        if best.as_ref().is_none_or(|(least, _)| loss < *least) {
            best = Some((loss, Classifier { weights, decay: *decay }));
        }
    }
    best.map(|(_, classifier)| classifier).context("the recipe has no decay to try")
}
