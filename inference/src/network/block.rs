//! The inverted residual block (MobileNetV2, arXiv 1801.04381).

use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::tensor::activation::relu6;
use burn::tensor::{Device, Tensor};

use super::architecture::Stage;
use super::convolution;

/// Expand 1x1, depthwise k x k, project 1x1; the input is added back where shapes allow.
#[derive(Module, Debug)]
pub(super) struct InvertedResidual {
    expand: Option<Conv2d>,
    depthwise: Conv2d,
    project: Conv2d,
    #[module(skip)]
    residual: bool,
}

impl InvertedResidual {
    pub(super) fn new(channels_in: usize, stage: &Stage, stride: usize, device: &Device) -> Self {
        let expanded = channels_in * stage.expand;
        Self {
            expand: (stage.expand > 1).then(|| convolution([channels_in, expanded], 1, 1, 1, device)),
            depthwise: convolution([expanded, expanded], stage.kernel, stride, expanded, device),
            project: convolution([expanded, stage.channels], 1, 1, 1, device),
            residual: stride == 1 && channels_in == stage.channels,
        }
    }

    /// `[n, c_in, h, w]` to `[n, c_out, h / stride, w / stride]`, rounded up.
    #[must_use]
    pub(super) fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        let expanded = match &self.expand {
            Some(expand) => relu6(expand.forward(input.clone())),
            None => input.clone(),
        };
        let projected = self.project.forward(relu6(self.depthwise.forward(expanded)));
        if self.residual { projected + input } else { projected }
    }
}
