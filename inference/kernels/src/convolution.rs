//! Dense and pointwise convolutions with ReLU6.

use crate::instruction_set::InstructionSet;
use crate::multiply::{Finish, Inputs, Lines, Multiply, Rows};
use crate::panels::Panels;
use crate::same::Same;
use crate::scratch::Scratch;
use crate::stem::{Picture, RunStem};

/// A convolution's weights, packed for an instruction set.
#[derive(Clone, Debug, PartialEq)]
pub struct Convolution {
    set: InstructionSet,
    panels: Panels,
}

impl Convolution {
    /// Packs weights `[outputs, channels, k, k]` and a bias `[outputs]`.
    #[must_use]
    pub fn new(set: InstructionSet, weights: &[f32], bias: &[f32]) -> Self {
        Self { set, panels: Panels::new(weights, bias, set.width()) }
    }

    /// Weights per output: channels times the kernel's area.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.panels.inputs()
    }

    /// Channels of the output.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.panels.outputs()
    }

    /// A 1x1 convolution, `[pixels, inputs]` → `[pixels, outputs]`. Panics if a slice is shorter.
    pub fn pointwise(&self, pixels: usize, from: &[f32], to: &mut [f32]) {
        let (panels, outputs) = (&self.panels, self.panels.outputs());
        let to = Rows { values: to, stride: outputs, columns: outputs, lines: Lines::one(pixels) };
        let from = Inputs::rows(from, panels.inputs());
        self.set.run(Multiply { from, rows: pixels, panels, to, finish: Finish::Relu6 });
    }

    /// A dense convolution of an image of few channels, `[channels, height, width]` →
    /// `[height / stride, width / stride, outputs]`, both rounded up. Panics if a slice is shorter.
    pub fn dense(&self, [kernel, stride]: [usize; 2], from: Picture<'_>, to: &mut [f32], scratch: &mut Scratch) {
        self.set.run(RunStem { panels: &self.panels, kernel: [kernel, stride], from, to, scratch });
    }

    /// Height and width of [`Convolution::dense`]'s output for an input of that height and width.
    #[must_use]
    pub fn output_size(size: [usize; 2], [kernel, stride]: [usize; 2]) -> [usize; 2] {
        size.map(|side| Same::new(side, kernel, stride).out)
    }
}
