//! The stem: 3x3 over few channels, with ReLU6.

#![allow(unsafe_code, reason = "what it calls needs an instruction set")]

use super::isa::Kernel;
use super::lanes::Lanes;
use super::multiply::{Finish, Rows, multiply};
use super::panels::Panels;
use super::same::Same;

/// A picture, channel after channel.
#[derive(Clone, Copy)]
pub(super) struct Picture<'a> {
    pub(super) values: &'a [f32],
    /// Channels, height and width.
    pub(super) size: [usize; 3],
}

/// The stem at work on one picture.
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
    unsafe fn run<L: Lanes>(self) {
        let Self { panels, kernel: [kernel, stride], from, to, scratch } = self;
        let [channels, height, width] = from.size;
        let (down, across) = (Same::new(height, kernel, stride), Same::new(width, kernel, stride));
        let (inputs, outputs) = (channels * kernel * kernel, panels.outputs());
        scratch.clear();
        scratch.resize(across.out * inputs, 0.0);
        for row in 0..down.out {
            for (column, patch) in scratch.chunks_exact_mut(inputs.max(1)).enumerate() {
                let corner = [row * stride, column * stride];
                from.patch(corner, [down.before, across.before], kernel, patch);
            }
            let values = &mut to[row * across.out * outputs..][..across.out * outputs];
            let rows = Rows { values, stride: outputs, columns: outputs };
            // SAFETY: the caller's.
            unsafe { multiply::<L>(scratch, across.out, panels, rows, Finish::Relu6) };
        }
    }
}

impl Picture<'_> {
    /// Copies what the kernel covers at a place of the padded picture; beyond the picture lie zeros.
    #[inline(always)]
    fn patch(&self, [top, left]: [usize; 2], [above, before]: [usize; 2], kernel: usize, to: &mut [f32]) {
        let [channels, height, width] = self.size;
        let mut places = to.iter_mut();
        for channel in 0..channels {
            for row in top..top + kernel {
                for column in left..left + kernel {
                    let inside = row >= above && row < above + height && column >= before && column < before + width;
                    let value = if inside {
                        self.values[(channel * height + row - above) * width + column - before]
                    } else {
                        0.0
                    };
                    if let Some(place) = places.next() {
                        *place = value;
                    }
                }
            }
        }
    }
}
