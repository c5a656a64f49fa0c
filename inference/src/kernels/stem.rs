//! The stem: a 3x3 convolution of few channels, with ReLU6.

#![allow(unsafe_code, reason = "it calls a kernel that needs an instruction set")]

use super::multiply::{Finish, Inputs, Multiply, Rows};
use super::panels::Panels;
use super::same::Same;
use super::scratch;
use super::simd::{Kernel, SimdVector};

/// An input image, planar.
#[derive(Clone, Copy)]
pub(super) struct Picture<'a> {
    pub(super) values: &'a [f32],
    /// Channels, height and width.
    pub(super) size: [usize; 3],
}

/// The stem applied to one image.
pub(super) struct RunStem<'a> {
    /// Each output's weights in the order channel, row, column.
    pub(super) panels: &'a Panels,
    /// Side of the kernel, and its stride.
    pub(super) kernel: [usize; 2],
    pub(super) from: Picture<'a>,
    /// `[height / stride, width / stride, outputs]`, both rounded up.
    pub(super) to: &'a mut [f32],
    pub(super) scratch: &'a mut Vec<f32>,
}

impl Kernel for RunStem<'_> {
    #[inline(always)]
    unsafe fn run<L: SimdVector>(self) {
        let Self { panels, kernel: [kernel, stride], from, to, scratch } = self;
        let [channels, height, width] = from.size;
        let (down, across) = (Same::new(height, kernel, stride), Same::new(width, kernel, stride));
        let outputs = panels.outputs();
        // The input window of one row of results: the lines of every channel, with the padding on both sides.
        let line = (across.before + width + across.after).max((across.out.max(1) - 1) * stride + kernel);
        let scratch = scratch::room(scratch, channels * kernel * line);
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
            let to = Rows { values, stride: outputs, columns: outputs, line: [across.out, 0] };
            let from = Inputs { values: scratch, step: stride, runs: [kernel, channels * kernel, line] };
            // SAFETY: by this function's contract.
            unsafe { L::run(Multiply { from, rows: across.out, panels, to, finish: Finish::Relu6 }) };
        }
    }
}
