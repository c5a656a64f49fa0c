//! EfficientNet-Lite as a burn module, and the linear classifier on its embedding.

mod architecture;
mod block;
mod leaf_net;

pub use architecture::{Architecture, ArchitectureError, Stage};
pub(crate) use leaf_net::norms;
pub use leaf_net::{LeafNet, LeafOutput, join_embedding};

use block::InvertedResidual;
use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{Initializer, PaddingConfig2d};
use burn::tensor::activation::relu6;
use burn::tensor::{Device, Tensor};

/// EfficientNet-Lite's convolutions, batch norm folded into weights and biases.
///
/// ReLU6 throughout, no squeeze-and-excitation, TensorFlow's 'same' padding (at stride 2 the end is padded more than
/// the start). Reference: the EfficientNet-Lite release in TensorFlow's TPU models.
#[derive(Module, Debug)]
pub struct EfficientNetLite {
    stem: Conv2d,
    blocks: Vec<InvertedResidual>,
    head: Option<Conv2d>,
    #[module(skip)]
    tap: usize,
}

/// The two feature maps that an embedding joins.
#[derive(Clone, Debug)]
pub struct FeatureMaps {
    /// `[n, channels, h, w]` after the architecture's embedding stage.
    pub stage: Tensor<4>,
    /// `[n, head channels, h, w]` after the head, where the architecture has one.
    pub head: Option<Tensor<4>>,
}

impl EfficientNetLite {
    /// A network of that shape, its weights zero until they are loaded.
    #[must_use]
    pub fn new(architecture: &Architecture, device: &Device) -> Self {
        let mut blocks = Vec::new();
        let mut tap = 0;
        let mut channels = architecture.stem;
        for (index, stage) in architecture.stages.iter().enumerate() {
            for repeat in 0..stage.repeat {
                let stride = if repeat == 0 { stage.stride } else { 1 };
                blocks.push(InvertedResidual::new(channels, stage, stride, device));
                channels = stage.channels;
            }
            if index + 1 == architecture.embedding_stage {
                tap = blocks.len();
            }
        }
        Self {
            stem: convolution([3, architecture.stem], 3, 2, 1, device),
            blocks,
            head: architecture.head.map(|head| convolution([channels, head], 1, 1, 1, device)),
            tap,
        }
    }

    /// The feature maps of a normalised batch `[n, 3, h, w]`.
    #[must_use]
    pub fn forward(&self, input: Tensor<4>) -> FeatureMaps {
        let mut features = relu6(self.stem.forward(input));
        for block in &self.blocks[..self.tap] {
            features = block.forward(features);
        }
        let stage = features;
        let head = self.head.as_ref().map(|head| {
            let last = self.blocks[self.tap..].iter().fold(stage.clone(), |features, block| block.forward(features));
            relu6(head.forward(last))
        });
        FeatureMaps { stage, head }
    }
}

/// A convolution with bias, 'same' padding and zero weights.
fn convolution(channels: [usize; 2], kernel: usize, stride: usize, groups: usize, device: &Device) -> Conv2d {
    Conv2dConfig::new(channels, [kernel, kernel])
        .with_stride([stride, stride])
        .with_groups(groups)
        .with_padding(PaddingConfig2d::Same)
        .with_initializer(Initializer::Zeros)
        .init(device)
}

/// Global mean over height and width: `[n, c, h, w]` to `[n, c]`.
#[must_use]
pub fn global_mean(map: Tensor<4>) -> Tensor<2> {
    let [n, channels, height, width] = map.dims();
    map.reshape([n, channels, height * width]).mean_dim(2).reshape([n, channels])
}
