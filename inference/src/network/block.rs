//! The inverted residual block (MobileNetV2, arXiv 1801.04381).

use burn::backend::Dispatch;
use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::architecture::Stage;
use super::convolution::Convolution;
use mango_kernels::BlockShape;

use crate::operations::{Operations, PackedBlock};

/// Expand 1x1, depthwise k x k, project 1x1, with a residual connection where shapes allow.
#[derive(Module, Debug)]
pub(super) struct InvertedResidual {
    expand: Option<Convolution>,
    depthwise: Convolution,
    project: Convolution,
    #[module(skip)]
    shape: BlockShape,
    #[module(skip)]
    packed: PackedBlock,
}

impl InvertedResidual {
    pub(super) fn new(channels_in: usize, stage: &Stage, stride: usize, device: &Device) -> Self {
        let expanded = channels_in * stage.expand;
        Self {
            expand: (stage.expand > 1).then(|| Convolution::new(channels_in, expanded, 1, device)),
            depthwise: Convolution::new(1, expanded, stage.kernel, device),
            project: Convolution::new(expanded, stage.channels, 1, device),
            shape: BlockShape { kernel: stage.kernel, stride, residual: stride == 1 && channels_in == stage.channels },
            packed: PackedBlock::default(),
        }
    }

    /// `[n, c_in, h, w]` → `[n, c_out, h / stride, w / stride]`, rounded up.
    #[must_use]
    pub(super) fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        let input = input.into_dispatch();
        let (depthwise, depthwise_bias) = self.depthwise.tensors();
        let (depthwise, depthwise_bias) = (depthwise.into_dispatch(), depthwise_bias.into_dispatch());
        let (project, project_bias) = self.project.tensors();
        let (project, project_bias) = (project.into_dispatch(), project_bias.into_dispatch());
        Tensor::from_dispatch(match &self.expand {
            Some(expand) => {
                let (expand, expand_bias) = expand.tensors();
                let (expand, expand_bias) = (expand.into_dispatch(), expand_bias.into_dispatch());
                Dispatch::inverted_residual(
                    input,
                    expand,
                    expand_bias,
                    depthwise,
                    depthwise_bias,
                    project,
                    project_bias,
                    self.shape,
                    &self.packed,
                )
            }
            None => {
                Dispatch::separable(input, depthwise, depthwise_bias, project, project_bias, self.shape, &self.packed)
            }
        })
    }

    /// Packs the current weights.
    pub(super) fn pack(&mut self) {
        let expand = self.expand.as_ref().map(Convolution::values);
        let (depthwise, project) = (self.depthwise.values(), self.project.values());
        self.packed = PackedBlock::new(
            expand.as_ref().map(|[weight, bias]| [weight.as_slice(), bias]),
            [&depthwise[0], &depthwise[1]],
            [&project[0], &project[1]],
            self.shape,
        );
    }
}
