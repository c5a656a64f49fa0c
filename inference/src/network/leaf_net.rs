//! The network and a linear classifier on its embedding.

use burn::backend::Dispatch;
use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::linear::Linear;
use super::{Architecture, EfficientNetLite, FeatureMaps, Subspace};
use crate::kernels::Kernels;
use crate::preprocess::Views;

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
    /// A network of that shape with that many outputs, its weights zero until they are loaded. `length` is that of the
    /// embedding, `rank` that of the subspace of mango leaves, where there is one.
    #[must_use]
    pub fn new(
        architecture: &Architecture,
        length: usize,
        classes: usize,
        rank: Option<usize>,
        device: &Device,
    ) -> Self {
        Self {
            trunk: EfficientNetLite::new(architecture, device),
            classifier: Linear::new(length, classes, device),
            domain: rank.map(|rank| Subspace::new(rank, length, device)),
            classes,
        }
    }

    /// Logits, embedding and distance of a normalised batch.
    #[must_use]
    pub fn forward(&self, views: Views) -> LeafOutput {
        self.output(self.maps(views))
    }

    /// The same, and the maps that the embedding joins.
    #[must_use]
    pub fn forward_with_maps(&self, views: Views) -> (LeafOutput, ViewMaps) {
        let maps = self.maps(views);
        (self.output(maps.clone()), maps)
    }

    fn maps(&self, views: Views) -> ViewMaps {
        ViewMaps::of(&self.trunk, views)
    }

    fn output(&self, maps: ViewMaps) -> LeafOutput {
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

/// The feature maps of both views.
#[derive(Clone, Debug)]
pub struct ViewMaps {
    /// Those of the whole view.
    pub whole: FeatureMaps,
    /// Those of the close view, where the network sees one.
    pub close: Option<FeatureMaps>,
}

impl ViewMaps {
    /// What a network makes of both views of a batch.
    #[must_use]
    pub fn of(trunk: &EfficientNetLite, views: Views) -> Self {
        Self { whole: trunk.forward(views.whole), close: views.close.map(|close| trunk.forward(close)) }
    }
}

/// The embedding `[n, length]`: the global mean of both maps of the whole view, then the means and the maxima of both
/// maps of the close view, where there is one; each L2-normalised, joined.
///
/// Normalising the parts apart lets the stage's textures and the head's objects speak equally loud. The maxima keep a
/// mark that covers a small part of the leaf.
#[must_use]
pub fn join_embedding(maps: ViewMaps) -> Tensor<2> {
    let means = |map: Tensor<4>| Dispatch::unit_means(map.into_dispatch());
    let maxima = |map: Tensor<4>| Dispatch::unit_maxima(map.into_dispatch());
    let mut parts = Vec::with_capacity(6);
    parts.push(means(maps.whole.stage));
    parts.extend(maps.whole.head.map(means));
    if let Some(close) = maps.close {
        parts.push(means(close.stage.clone()));
        parts.extend(close.head.clone().map(means));
        parts.push(maxima(close.stage));
        parts.extend(close.head.map(maxima));
    }
    let mut joined = parts.remove(0);
    for part in parts {
        joined = Dispatch::join(joined, part);
    }
    Tensor::from_dispatch(joined)
}

/// Length of the embedding of a network of that shape, with the close view or without.
#[must_use]
pub fn embedding_len(architecture: &Architecture, close: bool) -> usize {
    architecture.embedding_len() * parts_of_each_map(close)
}

/// Parts of the embedding that each of the network's maps makes, of length 1 each.
#[must_use]
pub const fn parts_of_each_map(close: bool) -> usize {
    if close { 3 } else { 1 }
}
