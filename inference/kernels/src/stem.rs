//! The stem: a 3x3 convolution of few channels, with ReLU6.

use crate::multiply::{Finish, Inputs, Lines, Multiply, Rows, Runs};
use crate::panels::Panels;
use crate::same::Same;
use crate::scratch::{self, Scratch};
use crate::simd::{Kernel, Simd};

/// An input image, planar.
#[derive(Clone, Copy)]
pub struct Picture<'a> {
    /// The elements, `[channels, height, width]`.
    pub values: &'a [f32],
    /// Channels, height and width.
    pub size: [usize; 3],
}

/// The stem applied to one image.
pub(crate) struct RunStem<'a> {
    /// Each output's weights in the order channel, row, column.
    pub(crate) panels: &'a Panels,
    /// Side of the kernel, and its stride.
    pub(crate) kernel: [usize; 2],
    pub(crate) from: Picture<'a>,
    /// `[height / stride, width / stride, outputs]`, both rounded up.
    pub(crate) to: &'a mut [f32],
    pub(crate) scratch: &'a mut Scratch,
}

impl Kernel for RunStem<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { panels, kernel: [kernel, stride], from, to, scratch } = self;
        let [channels, height, width] = from.size;
        let (down, across) = (Same::new(height, kernel, stride), Same::new(width, kernel, stride));
        let outputs = panels.outputs();
        // The input window of one row of results: the lines of every channel, with the padding on both sides.
        let line = (across.before + width + across.after).max((across.out.max(1) - 1) * stride + kernel);
        let scratch = scratch.room(channels * kernel * line);
        scratch::pad(scratch, line, across.before..across.before + width);
        for row in 0..down.out {
            for (number, line) in scratch.chunks_exact_mut(line).enumerate() {
                let (channel, tap) = (number / kernel, number % kernel);
                let to = &mut line[across.before..][..width];
                match (row * stride + tap).checked_sub(down.before).filter(|input| *input < height) {
                    Some(input) => to.copy_from_slice(&from.values[(channel * height + input) * width..][..width]),
                    None => to.fill(0.0),
                }
            }
            let values = &mut to[row * across.out * outputs..][..across.out * outputs];
            let to = Rows { values, stride: outputs, columns: outputs, lines: Lines::one(across.out) };
            let runs = Runs { length: kernel, count: channels * kernel, apart: line };
            let from = Inputs { values: scratch, step: stride, runs };
            simd.vectorize(Multiply { from, rows: across.out, panels, to, finish: Finish::Relu6 });
        }
    }
}
