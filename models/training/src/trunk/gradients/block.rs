//! The inverted residual block.

use super::depthwise::Depthwise;
use super::map::Map;
use super::pointwise::Pointwise;

/// Expand, depthwise, project, with a residual connection if `residual` is set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block<'a> {
    pub(super) expand: Pointwise<'a>,
    pub(super) depthwise: Depthwise<'a>,
    pub(super) project: Pointwise<'a>,
    pub(super) residual: bool,
}

/// Intermediate results of the forward pass for the backward pass.
#[derive(Debug)]
pub(super) struct Tape {
    input: Map,
    wide: Map,
    deep: Map,
    out: Map,
}

/// Gradients of weight and bias of the three convolutions.
pub(super) type Gradient = [[Vec<f32>; 2]; 3];

impl Block<'_> {
    /// The block's output and the tape for [`Block::backward`].
    pub(super) fn forward(&self, input: Map) -> (Map, Tape) {
        let wide = self.expand.forward(&input);
        let deep = self.depthwise.forward(&wide);
        let mut out = self.project.forward(&deep);
        if self.residual {
            out.values.iter_mut().zip(&input.values).for_each(|(out, input)| *out += input);
        }
        (out.clone(), Tape { input, wide, deep, out })
    }

    /// Adds to `gradient` and returns the gradient of the input.
    pub(super) fn backward(&self, tape: &Tape, upstream: Map, gradient: &mut Gradient) -> Map {
        let [expand, depthwise, project] = gradient;
        let kept = self.residual.then(|| upstream.clone());
        let deep = self.project.backward(&tape.deep, &tape.out, upstream, project);
        let wide = self.depthwise.backward(&tape.wide, &tape.deep, deep, depthwise);
        let mut down = self.expand.backward(&tape.input, &tape.wide, wide, expand);
        if let Some(kept) = kept {
            down.values.iter_mut().zip(&kept.values).for_each(|(down, kept)| *down += kept);
        }
        down
    }
}
