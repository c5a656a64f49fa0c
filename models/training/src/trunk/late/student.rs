//! The student network.

use anyhow::Result;
use burn::module::Module;
use burn::nn::{Initializer, Linear, LinearConfig};
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor, TensorData};
use mango_inference::Weights;
use mango_inference::network::{Architecture, EfficientNetLite, ViewMaps, join_embedding};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::batch::Batch;
use super::recipe::LateStages;

/// A trunk, a classifier that is trained with it and then discarded, and a linear layer to the teacher's embedding.
#[derive(Module, Debug)]
pub(super) struct Student {
    trunk: EfficientNetLite,
    classifier: Linear,
    imitation: Option<Linear>,
}

impl Student {
    /// `trunk` has the initial weights; a missing head is initialised at random.
    pub(super) fn new(
        architecture: &Architecture,
        trunk: &Weights,
        classes: usize,
        imitated: Option<usize>,
        seed: u64,
        device: &Device,
    ) -> Result<Self> {
        let linear = |out| {
            LinearConfig::new(architecture.embedding_len(), out).with_initializer(Initializer::Zeros).init(device)
        };
        let student = Self {
            trunk: EfficientNetLite::new(architecture, device),
            classifier: linear(classes),
            imitation: imitated.map(linear),
        };
        let mut weights = Weights::of(&student);
        let mut rng = StdRng::seed_from_u64(seed);
        for name in ["trunk.head.weight", "imitation.weight"] {
            if let Some(zeros) = weights.get(name).map(|data| data.shape().to_vec()) {
                weights.insert(name, random(&zeros, &mut rng));
            }
        }
        weights.extend_under("trunk", trunk.clone());
        Ok(weights.fill(student)?)
    }

    /// The mean loss over a batch.
    pub(super) fn loss(&self, batch: Batch, how: &LateStages) -> Tensor<1> {
        let embedding = join_embedding(ViewMaps { whole: self.trunk.back(batch.maps, how.frozen_stages), close: None });
        let logits = self.classifier.forward(embedding.clone());
        let [rows, classes] = logits.dims();
        let log_probabilities = log_softmax(logits.clone(), 1);
        let allowed = (log_probabilities.clone().exp() * batch.allowed).sum_dim(1);
        let labelled = (allowed + 1e-20).log().mean();
        let smooth = log_probabilities.mean();
        let labelled = -(labelled * (1.0 - how.label_smoothing) + smooth * how.label_smoothing);
        let Some(teacher) = &how.teacher else {
            return labelled;
        };
        let mut loss = labelled * (1.0 - teacher.share);
        if let Some(taught) = batch.teacher_logits {
            let taught = log_softmax(taught / teacher.softness, 1);
            let said = log_softmax(logits / teacher.softness, 1);
            let divergence = (taught.clone().exp() * (taught - said)).mean() * classes as f32;
            // Gradients of logits divided by the softness shrink with its square.
            loss = loss + divergence * (teacher.share * teacher.softness * teacher.softness);
        }
        if let (Some(imitation), Some(taught)) = (&self.imitation, batch.teacher_embeddings) {
            let said = imitation.forward(embedding);
            let length = |rows: Tensor<2>| (rows.square().sum_dim(1) + 1e-12).sqrt();
            let cosine = (said.clone() * taught.clone()).sum_dim(1) / (length(said) * length(taught));
            loss = loss + (cosine.reshape([rows]).mean().neg() + 1.0) * teacher.imitation;
        }
        loss
    }
}

/// He's uniform initialisation for ReLU (arXiv 1502.01852): `[out, in, 1, 1]` of a convolution, `[in, out]` of a
/// linear layer.
fn random(shape: &[usize], rng: &mut StdRng) -> TensorData {
    let inputs = if shape.len() == 2 { shape[0] } else { shape[1..].iter().product() };
    let bound = (6.0 / inputs.max(1) as f32).sqrt();
    let values: Vec<f32> = (0..shape.iter().product()).map(|_| rng.random_range(-bound..bound)).collect();
    TensorData::new(values, shape.to_vec())
}
