//! An inverted residual block, row by row: the widened map is never whole in memory.

#![allow(unsafe_code, reason = "what it calls needs an instruction set")]

use super::BlockShape;
use super::LARGEST_KERNEL as LARGEST;
use super::depthwise::Depthwise;
use super::isa::{Isa, Kernel};
use super::lanes::Lanes;
use super::multiply::{Finish, Rows, multiply};
use super::panels::Panels;
use super::same::Same;

/// A block's weights, packed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Block {
    /// The pointwise convolution that widens, with ReLU6.
    pub(super) expand: Option<Panels>,
    /// With ReLU6.
    pub(super) depthwise: Depthwise,
    /// The pointwise convolution that narrows, without.
    pub(super) project: Panels,
    /// Whether the input is added to the output.
    pub(super) residual: bool,
}

impl Block {
    /// Packs weights and biases as [`super::Kernels`] has them. The widened channels fill whole vectors, so that no
    /// kernel has to deal with a part of one.
    pub(super) fn new(
        expand: Option<[&[f32]; 2]>,
        [depthwise, depthwise_bias]: [&[f32]; 2],
        [project, project_bias]: [&[f32]; 2],
        shape: BlockShape,
        isa: Isa,
    ) -> Self {
        let width = isa.width();
        let depthwise = Depthwise::new(depthwise, depthwise_bias, [shape.kernel, shape.stride], width);
        Self {
            expand: expand.map(|[weights, bias]| Panels::new(weights, bias, width)),
            project: Panels::widened(project, project_bias, depthwise.channels, width),
            depthwise,
            residual: shape.residual,
        }
    }
}

/// A block at work on one map.
pub(super) struct RunBlock<'a> {
    pub(super) block: &'a Block,
    /// Height and width.
    pub(super) size: [usize; 2],
    /// `[height, width, channels]`.
    pub(super) from: &'a [f32],
    /// `[height / stride, width / stride, channels]`, both rounded up.
    pub(super) to: &'a mut [f32],
    pub(super) scratch: &'a mut Vec<f32>,
}

impl Kernel for RunBlock<'_> {
    #[inline(always)]
    unsafe fn run<L: Lanes>(self) {
        let Self { block, size: [height, width], from, to, scratch } = self;
        let Depthwise { kernel, stride, channels, .. } = block.depthwise;
        let (down, across) = (Same::new(height, kernel, stride), Same::new(width, kernel, stride));
        let (inputs, outputs) = (from.len().checked_div(height * width).unwrap_or(0), block.project.outputs());
        let line = (across.before + width + across.after).max((across.out.max(1) - 1) * stride + kernel) * channels;
        // The rows that the kernel covers, a row of zeros for the padding above and below, and one of results.
        let length = (kernel + 1) * line + across.out * channels;
        scratch.clear();
        scratch.resize(length, 0.0);
        let (lines, narrow) = scratch.split_at_mut((kernel + 1) * line);
        let (lines, zeros) = lines.split_at_mut(kernel * line);
        let mut ready = 0;
        for row in 0..down.out {
            let last = (row * stride + kernel - down.before).min(height);
            while ready < last {
                let place = (ready % kernel) * line + across.before * channels;
                let wide = &mut lines[place..place + width * channels];
                let source = &from[ready * width * inputs..][..width * inputs];
                // SAFETY: the caller's.
                unsafe { widen::<L>(block, source, wide, width) };
                ready += 1;
            }
            let mut rows: [&[f32]; LARGEST] = [&[]; LARGEST];
            for (tap, covered) in rows.iter_mut().take(kernel).enumerate() {
                *covered = match (row * stride + tap).checked_sub(down.before) {
                    Some(input) if input < height => &lines[(input % kernel) * line..][..line],
                    _ => zeros,
                };
            }
            // SAFETY: the caller's.
            unsafe {
                block.depthwise.row::<L>(&rows[..kernel], narrow);
                let finish = if block.residual {
                    Finish::Residual(&from[row * width * inputs..][..width * inputs])
                } else {
                    Finish::Linear
                };
                let values = &mut to[row * across.out * outputs..][..across.out * outputs];
                let rows = Rows { values, stride: outputs, columns: outputs };
                multiply::<L>(narrow, across.out, &block.project, rows, finish);
            }
        }
    }
}

/// One row of the map, widened; a block that does not widen takes it as it is.
#[inline(always)]
unsafe fn widen<L: Lanes>(block: &Block, from: &[f32], wide: &mut [f32], width: usize) {
    let channels = block.depthwise.channels;
    match &block.expand {
        Some(expand) => {
            let rows = Rows { values: wide, stride: channels, columns: channels };
            // SAFETY: the caller's.
            unsafe { multiply::<L>(from, width, expand, rows, Finish::Relu6) }
        }
        None => {
            let inputs = from.len().checked_div(width).unwrap_or(0);
            for (wide, pixel) in wide.chunks_exact_mut(channels).zip(from.chunks_exact(inputs)) {
                wide[..inputs].copy_from_slice(pixel);
            }
        }
    }
}
