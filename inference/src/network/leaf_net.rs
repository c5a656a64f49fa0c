//! The network and a linear classifier on its embedding.

use burn::backend::Dispatch;
use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::linear::Linear;
use super::{Architecture, EfficientNetLite, FeatureMaps, Subspace};
use crate::kernels::Kernels;

/// What a bundle's weights fill: [`EfficientNetLite`], a linear classifier on the joined embedding, and the subspace
/// in which the embeddings of mango leaves lie, where the model has one.
#[derive(Module, Debug)]
pub struct LeafNet {
    trunk: EfficientNetLite,
    classifier: Linear,
    domain: Option<Subspace>,
    #[module(skip)]
    classes: usize,
}

/// The results of one forward pass over a batch of n.
#[derive(Clone, Debug)]
pub struct LeafOutput {
    /// `[n, classes]`, before temperature and softmax.
    pub logits: Tensor<2>,
    /// `[n, embedding length]`: see [`join_embedding`].
    pub embedding: Tensor<2>,
    /// `[n]`: how far each embedding lies from those of mango leaves.
    pub distance: Option<Tensor<1>>,
}

impl LeafNet {
    /// A network of that shape for that many classes, its weights zero until they are loaded. `rank` is that of the
    /// subspace of mango leaves, where there is one.
    #[must_use]
    pub fn new(architecture: &Architecture, classes: usize, rank: Option<usize>, device: &Device) -> Self {
        let length = architecture.embedding_len();
        Self {
            trunk: EfficientNetLite::new(architecture, device),
            classifier: Linear::new(length, classes, device),
            domain: rank.map(|rank| Subspace::new(rank, length, device)),
            classes,
        }
    }

    /// Logits, embedding and distance of a normalised batch `[n, 3, h, w]`.
    #[must_use]
    pub fn forward(&self, input: Tensor<4>) -> LeafOutput {
        self.output(self.trunk.forward(input))
    }

    /// The same, and the maps that the embedding joins.
    #[must_use]
    pub fn forward_with_maps(&self, input: Tensor<4>) -> (LeafOutput, FeatureMaps) {
        let maps = self.trunk.forward(input);
        (self.output(maps.clone()), maps)
    }

    fn output(&self, maps: FeatureMaps) -> LeafOutput {
        let embedding = join_embedding(maps);
        let (logits, distance) = self.read(embedding.clone());
        LeafOutput { logits, distance, embedding }
    }

    /// Logits `[n, classes]` and distances `[n]` of embeddings `[n, length]`.
    #[must_use]
    pub fn read(&self, embedding: Tensor<2>) -> (Tensor<2>, Option<Tensor<1>>) {
        let distance = self.domain.as_ref().map(|domain| domain.distance(embedding.clone()));
        (self.classifier.forward(embedding), distance)
    }

    /// The part that makes the embedding.
    #[must_use]
    pub fn trunk(&self) -> &EfficientNetLite {
        &self.trunk
    }

    /// The subspace of mango leaves, where the model has one.
    #[must_use]
    pub fn domain(&self) -> Option<&Subspace> {
        self.domain.as_ref()
    }

    /// The network with its weights packed for this processor: see [`EfficientNetLite::packed`].
    #[cfg(feature = "flex")]
    #[must_use]
    pub fn packed(self) -> Self {
        Self { trunk: self.trunk.packed(), ..self }
    }

    /// What tells a class from the others, as long as the embedding: its weights less the mean of all classes'
    /// weights.
    ///
    /// Softmax gives the same probabilities with that mean as without it, so only the difference speaks for a class.
    #[must_use]
    pub fn direction(&self, class: usize) -> Vec<f32> {
        let weights = self.classifier.weights();
        let classes = self.classes;
        let rows = weights.chunks_exact(classes.max(1));
        rows.map(|row| row[class] - row.iter().sum::<f32>() / classes as f32).collect()
    }
}

/// The embedding `[n, length]`: each map's global mean, L2-normalised, joined.
///
/// Normalising the parts apart lets the stage's textures and the head's objects speak equally loud.
#[must_use]
pub fn join_embedding(maps: FeatureMaps) -> Tensor<2> {
    let unit_means = |map: Tensor<4>| Dispatch::unit_means(map.into_dispatch());
    let stage = unit_means(maps.stage);
    Tensor::from_dispatch(match maps.head {
        Some(head) => Dispatch::join(stage, unit_means(head)),
        None => stage,
    })
}
