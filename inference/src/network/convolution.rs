//! A convolution's parameters.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};

use super::zeros;

/// Weights `[out, in / groups, k, k]` and biases `[out]`; [`crate::kernels`] computes with them.
///
/// Not burn's own module: what that brings besides, such as every way to make random weights, is part of the phone's
/// module too.
#[derive(Module, Debug)]
pub(super) struct Convolution {
    weight: Param<Tensor<4>>,
    bias: Param<Tensor<1>>,
}

impl Convolution {
    /// Zero until it is loaded.
    pub(super) fn new(channels_in: usize, channels_out: usize, kernel: usize, device: &Device) -> Self {
        Self { weight: zeros([channels_out, channels_in, kernel, kernel], device), bias: zeros([channels_out], device) }
    }

    /// Weights and bias.
    pub(super) fn tensors(&self) -> (Tensor<4>, Tensor<1>) {
        (self.weight.val(), self.bias.val())
    }

    /// Weights and bias as numbers.
    #[cfg(feature = "flex")]
    pub(super) fn values(&self) -> [Vec<f32>; 2] {
        let (weight, bias) = self.tensors();
        [weight.into_data().iter().collect(), bias.into_data().iter().collect()]
    }
}
