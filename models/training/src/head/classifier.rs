//! The linear classifier on embeddings: multinomial logistic regression by L-BFGS.

use anyhow::{Result, ensure};
use burn::module::Module;
use burn::nn::{Initializer, Linear, LinearConfig};
use burn::optim::{GradientsParams, LBFGSConfig, LineSearchFn};
use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor, TensorData};
use mango_inference::Weights;

use crate::photos::sources::Target;
use crate::trunk::features::Features;

/// Embeddings, the outputs that each photo's label allows, and sample weights.
#[derive(Clone, Copy, Debug)]
pub struct Labelled<'a> {
    /// The embeddings.
    pub features: &'a Features,
    /// Allowed outputs of each row.
    pub targets: &'a [Target],
    /// The weight of each row.
    pub weights: &'a [f32],
}

/// Maximum steps of L-BFGS; embeddings of a few thousand photos converge in about two hundred.
const MAX_STEPS: usize = 300;

/// Fits `logits = embedding * weight + bias` by minimising the weighted mean loss plus `decay` times the squared
/// weights. The loss of a photo is the negative logarithm of the sum of the probabilities that its label allows, which
/// is cross-entropy for a known class. Without partial labels the problem is convex: the result depends on neither a
/// seed nor the order.
///
/// # Errors
/// Rows, targets and weights differ in number, or there are none.
pub fn fit(rows: Labelled<'_>, decay: f64) -> Result<Weights> {
    let Labelled { features, targets, weights } = rows;
    ensure!(!targets.is_empty(), "no photos to train on");
    ensure!(
        features.rows() == targets.len() && weights.len() == targets.len(),
        "{} rows, {} targets and {} weights",
        features.rows(),
        targets.len(),
        weights.len()
    );
    let device = Device::flex().autodiff();
    let inputs = features.tensor(&device);
    let outputs = targets.first().map_or(0, Vec::len);
    let allowed: Vec<f32> = targets.iter().flatten().map(|allowed| f32::from(u8::from(*allowed))).collect();
    let allowed = Tensor::<2>::from_data(TensorData::new(allowed, [targets.len(), outputs]), &device);
    let total: f32 = weights.iter().sum();
    let share: Vec<f32> = weights.iter().map(|weight| weight / total).collect();
    let share = Tensor::<2>::from_data(TensorData::new(share, [targets.len(), 1]), &device);

    let classifier: Linear =
        LinearConfig::new(features.len, outputs).with_initializer(Initializer::Zeros).init(&device);
    let mut optimiser = LBFGSConfig::new()
        .with_max_iter(MAX_STEPS)
        .with_history_size(10)
        .with_line_search_fn(LineSearchFn::StrongWolfe)
        .init();
    let (classifier, _) = optimiser.step(1.0, classifier, |classifier: Linear| {
        let probabilities = softmax(classifier.forward(inputs.clone()), 1);
        let likelihood = ((probabilities * allowed.clone()).sum_dim(1) + LEAST_LIKELIHOOD).log();
        let squares = classifier.weight.val().square().sum();
        let loss = squares.mul_scalar(decay) - (likelihood * share.clone()).sum();
        let gradients = GradientsParams::from_grads(loss.backward(), &classifier);
        (f64::from(loss.into_scalar::<f32>()), gradients)
    });
    Ok(Weights::of(&classifier.valid()))
}

/// Keeps the logarithm of a likelihood of zero finite.
const LEAST_LIKELIHOOD: f32 = 1e-20;

/// Logits of every row by a fitted classifier.
///
/// # Errors
/// The weights do not have the shape of the classifier.
pub fn logits(classifier: &Weights, features: &Features, classes: usize) -> Result<Vec<Vec<f32>>> {
    let device = Device::flex();
    let linear: Linear = LinearConfig::new(features.len, classes).with_initializer(Initializer::Zeros).init(&device);
    let logits = classifier.clone().fill(linear)?.forward(features.tensor(&device)).into_data();
    let values: Vec<f32> = logits.iter().collect();
    Ok(values.chunks(classes.max(1)).map(<[f32]>::to_vec).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};

    /// Three clusters at the first three unit vectors; the fourth dimension is noise on another scale.
    fn clouds(rows: usize, seed: u64) -> (Features, Vec<usize>) {
        let mut rng = StdRng::seed_from_u64(seed);
        let labels: Vec<usize> = (0..rows).map(|row| row % 3).collect();
        let values = labels
            .iter()
            .flat_map(|label| {
                let mut row: Vec<f32> = (0..4).map(|_| rng.random_range(-0.3..0.3)).collect();
                row[*label] += 1.0;
                row[3] *= 10.0;
                row
            })
            .collect();
        (Features { len: 4, values }, labels)
    }

    fn right(classifier: &Weights, features: &Features, labels: &[usize]) -> usize {
        let logits = logits(classifier, features, 3).unwrap();
        let best = |row: &Vec<f32>| (0..3).max_by(|a, b| row[*a].total_cmp(&row[*b])).unwrap();
        logits.iter().zip(labels).filter(|(row, label)| best(row) == **label).count()
    }

    fn one_hot(labels: &[usize], classes: usize) -> Vec<Target> {
        labels.iter().map(|label| (0..classes).map(|class| class == *label).collect()).collect()
    }

    #[test]
    fn a_partial_label_excludes_the_other_classes() {
        // Class 0 is at -1, class 1 at 1; photos at 2 are labelled as class 1 or 2.
        let features = Features { len: 1, values: vec![-1.0, 1.0, 2.0] };
        let targets = vec![vec![true, false, false], vec![false, true, false], vec![false, true, true]];
        let classifier = fit(Labelled { features: &features, targets: &targets, weights: &[1.0; 3] }, 1e-3).unwrap();
        let logits = logits(&classifier, &features, 3).unwrap();
        assert!(logits[2][1] > logits[2][0], "{logits:?}");
    }

    #[test]
    fn separate_clusters_are_separated_and_the_fit_is_reproducible() {
        let (features, labels) = clouds(300, 1);
        let targets = one_hot(&labels, 3);
        let rows = Labelled { features: &features, targets: &targets, weights: &[1.0; 300] };
        let classifier = fit(rows, 1e-4).unwrap();
        let (fresh, truth) = clouds(300, 2);
        assert!(right(&classifier, &fresh, &truth) >= 297);
        let again = fit(rows, 1e-4).unwrap();
        assert_eq!(classifier.get("weight").unwrap(), again.get("weight").unwrap());
    }

    #[test]
    fn weights_move_the_boundary_towards_photos_with_less_weight() {
        let features = Features { len: 1, values: vec![-1.0, 1.0, 0.0, 0.0] };
        let targets = one_hot(&[0, 1, 0, 1], 2);
        let bias = |weights: &[f32; 4]| {
            let rows = Labelled { features: &features, targets: &targets, weights };
            let bias: Vec<f32> = fit(rows, 1e-3).unwrap().get("bias").unwrap().iter().collect();
            bias[1] - bias[0]
        };
        assert!(bias(&[1.0; 4]).abs() < 1e-3);
        assert!(bias(&[0.4, 1.6, 0.4, 1.6]) > 0.5);
    }

    #[test]
    fn rows_without_labels_are_refused() {
        let features = Features { len: 1, values: vec![1.0, 2.0] };
        let one = one_hot(&[0], 2);
        assert!(fit(Labelled { features: &features, targets: &one, weights: &[1.0] }, 1e-3).is_err());
        assert!(fit(Labelled { features: &features, targets: &[], weights: &[] }, 1e-3).is_err());
    }
}
