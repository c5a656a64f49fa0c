//! A 1x1 convolution with ReLU6.

use super::multiply::{Finish, Inputs, Multiply, Rows};
use super::panels::Panels;

/// Computes a 1x1 convolution, `[pixels, inputs]` → `[pixels, outputs]`.
pub(super) fn pointwise<'a>(panels: &'a Panels, pixels: usize, from: &'a [f32], to: &'a mut [f32]) -> Multiply<'a> {
    let outputs = panels.outputs();
    let to = Rows { values: to, stride: outputs, columns: outputs, line: [pixels.max(1), 0] };
    Multiply { from: Inputs::rows(from, panels.inputs()), rows: pixels, panels, to, finish: Finish::Relu6 }
}
