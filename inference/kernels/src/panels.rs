//! A weight matrix, packed for the kernels.

/// Weights `[outputs, inputs]` and a bias per output, in panels. A panel holds the weights of the outputs that one step
/// of the kernel computes, input by input. Padding outputs have zero weights and bias.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Panels {
    inputs: usize,
    outputs: usize,
    width: usize,
    weights: Vec<f32>,
    bias: Vec<f32>,
}

/// Vectors of outputs per panel; a remaining single vector is a panel by itself.
pub(crate) const VECTORS: usize = 2;

impl Panels {
    /// Packs rows of `bias.len()` outputs for vectors of `width` elements.
    pub(crate) fn new(weights: &[f32], bias: &[f32], width: usize) -> Self {
        let outputs = bias.len();
        let inputs = weights.len().checked_div(outputs).unwrap_or(0);
        let vectors = outputs.div_ceil(width);
        let mut packed = Vec::with_capacity(inputs * vectors * width);
        let mut first = 0;
        while first < vectors {
            let count = VECTORS.min(vectors - first);
            for input in 0..inputs {
                packed.extend(
                    (first * width..(first + count) * width)
                        .map(|output| if output < outputs { weights[output * inputs + input] } else { 0.0 }),
                );
            }
            first += count;
        }
        Self { inputs, outputs, width, weights: packed, bias: padded(bias, width) }
    }

    /// [`Panels::new`] with zero weights added for inputs up to `inputs`.
    pub(crate) fn widened(weights: &[f32], bias: &[f32], inputs: usize, width: usize) -> Self {
        let own = weights.len().checked_div(bias.len()).unwrap_or(0);
        let mut wide = vec![0.0; inputs * bias.len()];
        if own > 0 && inputs > 0 {
            for (wide, own) in wide.chunks_exact_mut(inputs).zip(weights.chunks_exact(own)) {
                wide[..own.len()].copy_from_slice(own);
            }
        }
        Self::new(&wide, bias, width)
    }

    /// Number of inputs.
    pub(crate) fn inputs(&self) -> usize {
        self.inputs
    }

    /// Number of outputs, without the padding.
    pub(crate) fn outputs(&self) -> usize {
        self.outputs
    }

    /// Number of outputs, including the padding of the last vector.
    pub(crate) fn padded_outputs(&self) -> usize {
        self.bias.len()
    }

    /// Elements per SIMD vector.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// The weights of all panels, contiguous: `inputs` times the panel's outputs each.
    pub(crate) fn weights(&self) -> &[f32] {
        &self.weights
    }

    /// The bias of every output, including the padding.
    pub(crate) fn bias(&self) -> &[f32] {
        &self.bias
    }
}

/// The elements, padded with zeros to whole vectors.
pub(crate) fn padded(values: &[f32], width: usize) -> Vec<f32> {
    let mut padded = values.to_vec();
    padded.resize(values.len().next_multiple_of(width), 0.0);
    padded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_hold_two_vectors_input_by_input_and_pad_with_zeros() {
        // Five outputs of two inputs, vectors of two: panels of four outputs and of one and a zero.
        let weights = [1.0, 10.0, 2.0, 20.0, 3.0, 30.0, 4.0, 40.0, 5.0, 50.0];
        let panels = Panels::new(&weights, &[0.1, 0.2, 0.3, 0.4, 0.5], 2);
        assert_eq!(panels.weights(), [1.0, 2.0, 3.0, 4.0, 10.0, 20.0, 30.0, 40.0, 5.0, 0.0, 50.0, 0.0]);
        assert_eq!(panels.bias(), [0.1, 0.2, 0.3, 0.4, 0.5, 0.0]);
        assert_eq!((panels.inputs(), panels.outputs(), panels.padded_outputs()), (2, 5, 6));
    }

    #[test]
    fn added_inputs_have_zero_weights() {
        let panels = Panels::widened(&[1.0, 2.0], &[0.0, 0.0], 3, 2);
        assert_eq!(panels.weights(), [1.0, 2.0, 0.0, 0.0, 0.0, 0.0]);
    }
}
