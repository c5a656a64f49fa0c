//! A linear classifier on embeddings, trained by gradient descent.

use anyhow::{Result, ensure};
use burn::module::Module;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::{Initializer, Linear, LinearConfig};
use burn::optim::{AdamWConfig, GradientsParams};
use burn::tensor::{Device, Int, Tensor, TensorData};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use crate::features::Features;

/// How the classifier is trained.
#[derive(Clone, Copy, Debug)]
pub struct HeadTraining {
    /// AdamW's decoupled weight decay, on standardised features.
    pub weight_decay: f32,
    /// AdamW's step.
    pub learning_rate: f64,
    /// Rows a step.
    pub batch: usize,
    /// Passes over the training rows at most.
    pub max_epochs: usize,
    /// Passes without a better validation loss before it stops.
    pub patience: usize,
    /// Seed of the order of rows.
    pub seed: u64,
}

impl Default for HeadTraining {
    fn default() -> Self {
        Self { weight_decay: 0.1, learning_rate: 1e-3, batch: 64, max_epochs: 1000, patience: 20, seed: 1 }
    }
}

/// Embeddings and the class of each.
#[derive(Clone, Copy, Debug)]
pub struct Labelled<'a> {
    /// The embeddings.
    pub features: &'a Features,
    /// A class index a row.
    pub labels: &'a [usize],
}

/// A linear classifier: logits = embedding * weight + bias.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// `[embedding, classes]`, row by row.
    pub weight: Vec<f32>,
    /// One a class.
    pub bias: Vec<f32>,
}

/// A trained classifier and how it came about.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainedHead {
    /// The classifier of the best pass.
    pub head: Head,
    /// Mean negative log-likelihood on validation of that pass.
    pub val_loss: f64,
    /// That pass, counted from 1.
    pub epoch: usize,
}

impl Head {
    /// Logits of every row.
    #[must_use]
    pub fn logits(&self, features: &Features) -> Vec<Vec<f32>> {
        let classes = self.bias.len();
        features
            .values
            .chunks_exact(features.len)
            .map(|row| {
                let mut logits = self.bias.clone();
                for (value, weights) in row.iter().zip(self.weight.chunks_exact(classes)) {
                    for (logit, weight) in logits.iter_mut().zip(weights) {
                        *logit += value * weight;
                    }
                }
                logits
            })
            .collect()
    }
}

/// Trains on `train` until the loss on `val` no longer falls, and keeps the best pass.
///
/// Features are standardised by the training rows' mean and deviation while training; the result has both folded in.
///
/// # Errors
/// Rows and labels do not match, or there are none.
pub fn train(train: Labelled<'_>, val: Labelled<'_>, classes: usize, how: HeadTraining) -> Result<TrainedHead> {
    for part in [train, val] {
        ensure!(!part.labels.is_empty(), "no photos to train on");
        ensure!(part.features.rows() == part.labels.len(), "{} labels", part.labels.len());
    }
    let len = train.features.len;
    let plain = Device::flex();
    let device = plain.clone().autodiff();
    let scaling = Scaling::of(train.features);
    let train_rows = scaling.apply(train.features);
    let val_rows = rows_tensor(&scaling.apply(val.features), len, &plain);
    let val_labels = labels_tensor(val.labels, &plain);

    let mut classifier: Linear = LinearConfig::new(len, classes).with_initializer(Initializer::Zeros).init(&device);
    let mut optimiser = AdamWConfig::new().with_weight_decay(how.weight_decay).init();
    let loss = CrossEntropyLossConfig::new().init(&device);
    let val_loss = CrossEntropyLossConfig::new().init(&plain);
    let mut rng = StdRng::seed_from_u64(how.seed);
    let mut order: Vec<usize> = (0..train.labels.len()).collect();
    let mut best: Option<TrainedHead> = None;
    for epoch in 1..=how.max_epochs {
        order.shuffle(&mut rng);
        for batch in order.chunks(how.batch) {
            let rows: Vec<f32> =
                batch.iter().flat_map(|row| train_rows[row * len..(row + 1) * len].iter().copied()).collect();
            let labels: Vec<usize> = batch.iter().map(|row| train.labels[*row]).collect();
            let logits = classifier.forward(rows_tensor(&rows, len, &device));
            let gradients = loss.forward(logits, labels_tensor(&labels, &device)).backward();
            let gradients = GradientsParams::from_grads(gradients, &classifier);
            classifier = optimiser.step(how.learning_rate, classifier, gradients);
        }
        let valid = classifier.valid();
        let nll = f64::from(val_loss.forward(valid.forward(val_rows.clone()), val_labels.clone()).into_scalar::<f32>());
        if best.as_ref().is_none_or(|best| nll < best.val_loss) {
            best = Some(TrainedHead { head: scaling.fold(&valid, classes), val_loss: nll, epoch });
        } else if best.as_ref().is_some_and(|best| epoch >= best.epoch + how.patience) {
            break;
        }
    }
    best.ok_or_else(|| anyhow::anyhow!("the validation loss was never a number"))
}

fn rows_tensor(values: &[f32], len: usize, device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len() / len, len]), device)
}

fn labels_tensor(labels: &[usize], device: &Device) -> Tensor<1, Int> {
    let labels: Vec<i64> = labels.iter().map(|label| *label as i64).collect();
    let rows = labels.len();
    Tensor::from_data(TensorData::new(labels, [rows]), device)
}

/// Mean and deviation of every feature.
struct Scaling {
    mean: Vec<f32>,
    deviation: Vec<f32>,
}

impl Scaling {
    fn of(features: &Features) -> Self {
        let rows = features.rows() as f64;
        let mut mean = vec![0f64; features.len];
        let mut square = vec![0f64; features.len];
        for row in features.values.chunks_exact(features.len) {
            for (i, value) in row.iter().enumerate() {
                mean[i] += f64::from(*value) / rows;
                square[i] += f64::from(*value) * f64::from(*value) / rows;
            }
        }
        let deviation = mean.iter().zip(&square).map(|(m, s)| (s - m * m).max(0.0).sqrt().max(1e-6) as f32).collect();
        Self { mean: mean.iter().map(|m| *m as f32).collect(), deviation }
    }

    fn apply(&self, features: &Features) -> Vec<f32> {
        let scale = |(i, value): (usize, &f32)| (value - self.mean[i]) / self.deviation[i];
        features.values.chunks_exact(features.len).flat_map(|row| row.iter().enumerate().map(scale)).collect()
    }

    /// The same classifier on features that are not standardised.
    fn fold(&self, classifier: &Linear, classes: usize) -> Head {
        let mut weight: Vec<f32> = classifier.weight.val().into_data().iter::<f32>().collect();
        let mut bias: Vec<f32> = match &classifier.bias {
            Some(bias) => bias.val().into_data().iter::<f32>().collect(),
            None => vec![0.0; classes],
        };
        for (i, weights) in weight.chunks_exact_mut(classes).enumerate() {
            for (weight, bias) in weights.iter_mut().zip(&mut bias) {
                *weight /= self.deviation[i];
                *bias -= *weight * self.mean[i];
            }
        }
        Head { weight, bias }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngExt;

    /// Three clouds around corners of the first three axes; the fourth is noise on another scale.
    fn clouds(rows: usize, seed: u64) -> (Features, Vec<usize>) {
        let mut rng = StdRng::seed_from_u64(seed);
        let labels: Vec<usize> = (0..rows).map(|row| row % 3).collect();
        let values = labels
            .iter()
            .flat_map(|label| {
                let mut row = [0.0; 4].map(|_: f32| rng.random_range(-0.2..0.2));
                row[*label] += 1.0;
                row[3] *= 100.0;
                row
            })
            .collect();
        (Features { len: 4, values }, labels)
    }

    #[test]
    fn clouds_are_told_apart_and_the_same_seed_gives_the_same_head() {
        let (train_features, train_labels) = clouds(90, 1);
        let (val_features, val_labels) = clouds(30, 2);
        let part = |features, labels| Labelled { features, labels };
        let run = || {
            let how = HeadTraining { learning_rate: 0.05, batch: 16, max_epochs: 40, ..HeadTraining::default() };
            train(part(&train_features, &train_labels[..]), part(&val_features, &val_labels[..]), 3, how).unwrap()
        };
        let trained = run();
        for (logits, label) in trained.head.logits(&val_features).iter().zip(&val_labels) {
            assert!(logits.iter().all(|logit| *logit <= logits[*label]), "{logits:?} is {label}");
        }
        assert_eq!(trained, run());
    }
}
