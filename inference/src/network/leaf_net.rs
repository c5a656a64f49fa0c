//! The network with a linear classifier on its embedding.

use burn::backend::Dispatch;
use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::linear::Linear;
use super::{Architecture, EfficientNetLite, FeatureMaps, Subspace};
use crate::operations::Operations;
use crate::preprocess::Views;

/// The module of a bundle's weights: [`EfficientNetLite`], a linear classifier on the embedding, and the subspace of
/// mango leaves' embeddings, if the model has one.
#[derive(Module, Debug)]
pub struct LeafNet {
    trunk: EfficientNetLite,
    classifier: Linear,
    domain: Option<Subspace>,
    #[module(skip)]
    classes: usize,
}

/// The network's results for n inputs, or for n embeddings.
#[derive(Clone, Debug)]
pub struct LeafOutput {
    /// `[n, classes]`, before temperature and softmax.
    pub logits: Tensor<2>,
    /// `[n, embedding length]`: see [`join_embedding`].
    pub embedding: Tensor<2>,
    /// `[n]`: the distance of each embedding from the subspace of mango leaves.
    pub distance: Option<Tensor<1>>,
}

impl LeafNet {
    /// A network of that architecture and number of outputs, its weights zero until they are loaded. `length` is the
    /// embedding's length, `rank` the rank of the subspace of mango leaves, if there is one.
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
        let embedding = self.embed(views);
        let (logits, distance) = self.read(embedding.clone());
        LeafOutput { logits, distance, embedding }
    }

    /// The embeddings `[n, length]` of a normalised batch.
    #[must_use]
    pub fn embed(&self, views: Views) -> Tensor<2> {
        join_embedding(ViewMaps::of(&self.trunk, views))
    }

    /// [`LeafNet::embed`], together with the feature maps that the embedding is pooled from.
    #[must_use]
    pub fn embed_with_maps(&self, views: Views) -> (Tensor<2>, ViewMaps) {
        let maps = ViewMaps::of(&self.trunk, views);
        (join_embedding(maps.clone()), maps)
    }

    /// Logits `[n, classes]` and distances `[n]` from embeddings `[n, length]`.
    #[must_use]
    pub fn read(&self, embedding: Tensor<2>) -> (Tensor<2>, Option<Tensor<1>>) {
        let distance = self.domain.as_ref().map(|domain| domain.distance(embedding.clone()));
        (self.classifier.forward(embedding), distance)
    }

    /// The trunk, which computes the feature maps.
    #[must_use]
    pub fn trunk(&self) -> &EfficientNetLite {
        &self.trunk
    }

    /// The subspace of mango leaves, if the model has one.
    #[must_use]
    pub fn domain(&self) -> Option<&Subspace> {
        self.domain.as_ref()
    }

    /// The network with its weights packed for this processor: see [`EfficientNetLite::packed`].
    #[must_use]
    pub fn packed(self) -> Self {
        Self { trunk: self.trunk.packed(), ..self }
    }

    /// The discriminative direction of a class, as long as the embedding: its weights minus the mean of all classes'
    /// weights.
    ///
    /// Softmax is invariant to that mean, so only the difference is evidence for a class.
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
    /// The feature maps of the whole view.
    pub whole: FeatureMaps,
    /// The feature maps of the close view, if the network has one.
    pub close: Option<FeatureMaps>,
}

impl ViewMaps {
    /// Runs a network on both views of a batch.
    #[must_use]
    pub fn of(trunk: &EfficientNetLite, views: Views) -> Self {
        Self { whole: trunk.forward(views.whole), close: views.close.map(|close| trunk.forward(close)) }
    }
}

/// The embedding `[n, length]`: the global means of both feature maps of the whole view, then the means and the maxima
/// of both feature maps of the close view, if there is one; each part L2-normalised, then concatenated.
///
/// Normalising the parts separately gives the stage's textures and the head's objects equal weight. The maxima preserve
/// a symptom that covers a small part of the leaf.
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

/// Length of the embedding of a network of that architecture, with the close view or without.
#[must_use]
pub fn embedding_len(architecture: &Architecture, close: bool) -> usize {
    architecture.embedding_len() * parts_of_each_map(close)
}

/// Number of parts of the embedding per feature map. Each part has norm 1.
#[must_use]
pub const fn parts_of_each_map(close: bool) -> usize {
    if close { 3 } else { 1 }
}
