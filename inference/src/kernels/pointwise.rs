//! A 1x1 convolution with ReLU6.

#![allow(unsafe_code, reason = "what it calls needs an instruction set")]

use super::isa::Kernel;
use super::lanes::Lanes;
use super::multiply::{Finish, Rows, multiply};
use super::panels::Panels;

/// It, at work on pixels.
pub(super) struct RunPointwise<'a> {
    pub(super) panels: &'a Panels,
    pub(super) pixels: usize,
    /// `[pixels, inputs]`
    pub(super) from: &'a [f32],
    /// `[pixels, outputs]`
    pub(super) to: &'a mut [f32],
}

impl Kernel for RunPointwise<'_> {
    #[inline(always)]
    unsafe fn run<L: Lanes>(self) {
        let outputs = self.panels.outputs();
        let rows = Rows { values: self.to, stride: outputs, columns: outputs };
        // SAFETY: the caller's.
        unsafe { multiply::<L>(self.from, self.pixels, self.panels, rows, Finish::Relu6) }
    }
}
