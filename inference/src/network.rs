//! EfficientNet-Lite as a burn module, with a linear classifier on its embedding.

mod architecture;
mod block;
mod convolution;
mod leaf_net;
mod linear;
mod subspace;

pub use architecture::{Architecture, ArchitectureError, Stage};
pub use leaf_net::{LeafNet, LeafOutput, ViewMaps, embedding_len, join_embedding, parts_of_each_map};
pub use subspace::Subspace;

use block::InvertedResidual;
use burn::backend::Dispatch;
use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};
use convolution::Convolution;

use crate::operations::{Operations, PackedConvolution};

/// EfficientNet-Lite's convolutions, with batch norm folded into weights and biases.
///
/// ReLU6 throughout, no squeeze-and-excitation, TensorFlow's 'same' padding (at stride 2 the end is padded more than
/// the start). Reference: the EfficientNet-Lite release in TensorFlow's TPU models.
#[derive(Module, Debug)]
pub struct EfficientNetLite {
    stem: Convolution,
    blocks: Vec<InvertedResidual>,
    head: Option<Convolution>,
    /// Number of blocks up to the end of each stage.
    #[module(skip)]
    ends: Vec<usize>,
    #[module(skip)]
    embedding_stage: usize,
    #[module(skip)]
    packed_stem: PackedConvolution,
    #[module(skip)]
    packed_head: PackedConvolution,
}

/// Stride of the stem.
const STEM_STRIDE: usize = 2;

/// The two feature maps that the embedding is pooled from.
#[derive(Clone, Debug)]
pub struct FeatureMaps {
    /// `[n, channels, h, w]` after the architecture's embedding stage.
    pub stage: Tensor<4>,
    /// `[n, head channels, h, w]` after the head, if the architecture has one.
    pub head: Option<Tensor<4>>,
}

impl EfficientNetLite {
    /// A network of that architecture, its weights zero until they are loaded.
    #[must_use]
    pub fn new(architecture: &Architecture, device: &Device) -> Self {
        let mut blocks = Vec::new();
        let mut ends = Vec::new();
        let mut channels = architecture.stem;
        for stage in &architecture.stages {
            for repeat in 0..stage.repeat {
                let stride = if repeat == 0 { stage.stride } else { 1 };
                blocks.push(InvertedResidual::new(channels, stage, stride, device));
                channels = stage.channels;
            }
            ends.push(blocks.len());
        }
        Self {
            stem: Convolution::new(3, architecture.stem, 3, device),
            blocks,
            head: architecture.head.map(|head| Convolution::new(channels, head, 1, device)),
            ends,
            embedding_stage: architecture.embedding_stage,
            packed_stem: PackedConvolution::default(),
            packed_head: PackedConvolution::default(),
        }
    }

    /// The network with its current weights packed for this processor, so that calls need not pack them. For inference
    /// only: later changes of the weights have no effect.
    #[must_use]
    pub fn packed(mut self) -> Self {
        let [weight, bias] = self.stem.values();
        self.packed_stem = PackedConvolution::new(&weight, &bias);
        self.blocks.iter_mut().for_each(InvertedResidual::pack);
        if let Some(head) = &self.head {
            let [weight, bias] = head.values();
            self.packed_head = PackedConvolution::new(&weight, &bias);
        }
        self
    }

    /// The feature maps of a normalised batch `[n, 3, h, w]`.
    #[must_use]
    pub fn forward(&self, input: Tensor<4>) -> FeatureMaps {
        self.back(self.front(input, self.embedding_stage), self.embedding_stage)
    }

    /// The feature map after the first `stages` stages (at most up to the embedding's stage) of a normalised batch.
    #[must_use]
    pub fn front(&self, input: Tensor<4>, stages: usize) -> Tensor<4> {
        let (weight, bias) = self.stem.tensors();
        let (input, weight, bias) = (input.into_dispatch(), weight.into_dispatch(), bias.into_dispatch());
        let stem = Tensor::from_dispatch(Dispatch::stem(input, weight, bias, STEM_STRIDE, &self.packed_stem));
        self.blocks[..self.end(stages)].iter().fold(stem, |features, block| block.forward(features))
    }

    /// The feature maps, from the result of [`Self::front`] with the same `stages`.
    #[must_use]
    pub fn back(&self, front: Tensor<4>, stages: usize) -> FeatureMaps {
        let tap = self.end(self.embedding_stage);
        let run = |features, blocks: &[InvertedResidual]| blocks.iter().fold(features, |map, block| block.forward(map));
        let stage = run(front, &self.blocks[self.end(stages)..tap]);
        let head = self.head.as_ref().map(|head| {
            let last = run(stage.clone(), &self.blocks[tap..]).into_dispatch();
            let (weight, bias) = head.tensors();
            let (weight, bias) = (weight.into_dispatch(), bias.into_dispatch());
            Tensor::from_dispatch(Dispatch::pointwise(last, weight, bias, &self.packed_head))
        });
        FeatureMaps { stage, head }
    }

    /// Number of blocks in the first `stages` stages, at most up to the embedding's stage.
    fn end(&self, stages: usize) -> usize {
        match stages.min(self.embedding_stage) {
            0 => 0,
            stages => self.ends[stages - 1],
        }
    }
}

/// A parameter that is zero until it is loaded.
fn zeros<const D: usize>(shape: [usize; D], device: &Device) -> Param<Tensor<D>> {
    Param::from_tensor(Tensor::zeros(shape, device))
}

/// Global mean over height and width: `[n, c, h, w]` → `[n, c]`.
#[must_use]
pub fn global_mean(map: Tensor<4>) -> Tensor<2> {
    let [n, channels, height, width] = map.dims();
    map.reshape([n, channels, height * width]).mean_dim(2).reshape([n, channels])
}
