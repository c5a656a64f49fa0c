//! The 1x1 convolution, with or without ReLU6.

use super::map::Map;
use super::matrix;
use super::relu6;

/// Weights `[outputs, inputs]` and biases `[outputs]`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pointwise<'a> {
    pub(super) weight: &'a [f32],
    pub(super) bias: &'a [f32],
    /// Whether ReLU6 follows.
    pub(super) relu6: bool,
}

impl Pointwise<'_> {
    /// `[.., inputs]` → `[.., outputs]`.
    pub(super) fn forward(&self, input: &Map) -> Map {
        let outputs = self.bias.len();
        let mut out = Map::zeros(input.images, input.height, input.width, outputs);
        for place in out.values.chunks_exact_mut(outputs) {
            place.copy_from_slice(self.bias);
        }
        matrix::times_transposed(&input.values, self.weight, input.channels, 1.0, &mut out.values);
        if self.relu6 {
            relu6::apply(&mut out.values);
        }
        out
    }

    /// Adds the gradients of weight and bias to `gradient` and returns the gradient of the input. `output` is the
    /// result of [`Pointwise::forward`], `upstream` the gradient of the loss with respect to it.
    pub(super) fn backward(&self, input: &Map, output: &Map, mut upstream: Map, gradient: &mut [Vec<f32>; 2]) -> Map {
        if self.relu6 {
            relu6::backward(&output.values, &mut upstream.values);
        }
        let outputs = self.bias.len();
        let [weight, bias] = gradient;
        for place in upstream.values.chunks_exact(outputs) {
            bias.iter_mut().zip(place).for_each(|(sum, value)| *sum += value);
        }
        matrix::add_transposed_times(&upstream.values, &input.values, outputs, input.channels, weight);
        let mut down = Map::zeros(input.images, input.height, input.width, input.channels);
        matrix::times(&upstream.values, self.weight, outputs, &mut down.values);
        down
    }
}
