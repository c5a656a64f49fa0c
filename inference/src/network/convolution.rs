//! A convolution's parameters.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};

use super::zeros;

/// Weights `[out, in / groups, k, k]` and biases `[out]`; [`crate::operations`] computes with them.
///
/// This is not burn's own module, since the rest of that one, such as every initialiser, would add to the size of the
/// phone's wasm module.
#[derive(Module, Debug)]
pub(super) struct Convolution {
    weight: Param<Tensor<4>>,
    bias: Param<Tensor<1>>,
}

impl Convolution {
    /// A convolution whose parameters are zero until they are loaded.
    pub(super) fn new(channels_in: usize, channels_out: usize, kernel: usize, device: &Device) -> Self {
        Self { weight: zeros([channels_out, channels_in, kernel, kernel], device), bias: zeros([channels_out], device) }
    }

    /// Weights and bias.
    pub(super) fn tensors(&self) -> (Tensor<4>, Tensor<1>) {
        (self.weight.val(), self.bias.val())
    }

    /// The values of weights and bias.
    pub(super) fn values(&self) -> [Vec<f32>; 2] {
        let (weight, bias) = self.tensors();
        [weight.into_data().iter().collect(), bias.into_data().iter().collect()]
    }
}
