//! A linear layer's parameters.

use burn::backend::Dispatch;
use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};

use super::zeros;
use crate::operations::Operations;

/// Weights `[in, out]` and biases `[out]`.
#[derive(Module, Debug)]
pub(super) struct Linear {
    weight: Param<Tensor<2>>,
    bias: Param<Tensor<1>>,
}

impl Linear {
    /// A linear layer whose parameters are zero until they are loaded.
    pub(super) fn new(from: usize, to: usize, device: &Device) -> Self {
        Self { weight: zeros([from, to], device), bias: zeros([to], device) }
    }

    /// `[n, in]` → `[n, out]`.
    pub(super) fn forward(&self, rows: Tensor<2>) -> Tensor<2> {
        let (weight, bias) = (self.weight.val().into_dispatch(), self.bias.val().into_dispatch());
        Tensor::from_dispatch(Dispatch::linear(rows.into_dispatch(), weight, bias))
    }

    /// The weights, one row of outputs for each input.
    pub(super) fn weights(&self) -> Vec<f32> {
        self.weight.val().into_data().iter().collect()
    }
}
