//! An inverted residual block, row by row: the widened map is never whole in memory.

#![allow(unsafe_code, reason = "what it calls needs an instruction set")]

use super::BlockShape;
use super::LARGEST_KERNEL as LARGEST;
use super::depthwise::{Depthwise, Row};
use super::isa::Isa;
use super::lanes::{Kernel, Lanes};
use super::multiply::{Finish, Inputs, Multiply, Rows};
use super::panels::Panels;
use super::same::Same;
use super::scratch;

/// Pixels that a pointwise convolution should have at once: a small map is taken several rows at a time, so that weights
/// are read for as many pixels.
const BATCH: usize = 48;

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
    /// Channels of the map.
    inputs: usize,
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
        let inputs =
            expand.map_or(depthwise_bias.len(), |[weights, bias]| weights.len().checked_div(bias.len()).unwrap_or(0));
        let depthwise = Depthwise::new(depthwise, depthwise_bias, [shape.kernel, shape.stride], width);
        Self {
            expand: expand.map(|[weights, bias]| Panels::new(weights, bias, width)),
            project: Panels::widened(project, project_bias, depthwise.channels, width),
            depthwise,
            residual: shape.residual,
            inputs,
        }
    }

    /// Channels of the map that it takes.
    pub(super) fn inputs(&self) -> usize {
        self.inputs
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
        let batch = BATCH.div_ceil(across.out.max(1)).min(down.out);
        // The lines that the kernel covers in a batch, and the batch's results. All but the lines' padding is written
        // before it is read.
        let held = ((batch.max(1) - 1) * stride + kernel).min(height.max(1));
        let scratch = scratch::room(scratch, held * line + batch * across.out * channels);
        let (lines, narrow) = scratch.split_at_mut(held * line);
        scratch::pad(lines, line, across.before * channels..(across.before + width) * channels);
        let mut ready = 0;
        let mut row = 0;
        while row < down.out {
            let end = (row + batch).min(down.out);
            let last = ((end - 1) * stride + kernel - down.before).min(height);
            while ready < last {
                // Up to where the ring of lines begins again.
                let (slot, count) = (ready % held, (last - ready).min(held - ready % held));
                let source = &from[ready * width * inputs..][..count * width * inputs];
                let wide = &mut lines[slot * line + across.before * channels..(slot + count) * line];
                // SAFETY: the caller's.
                unsafe { widen::<L>(block, source, wide, [width, line]) };
                ready += count;
            }
            for (row, narrow) in (row..end).zip(narrow.chunks_exact_mut(across.out * channels)) {
                let mut covered: [Option<&[f32]>; LARGEST] = [None; LARGEST];
                for (tap, covered) in covered.iter_mut().take(kernel).enumerate() {
                    *covered = (row * stride + tap)
                        .checked_sub(down.before)
                        .filter(|input| *input < height)
                        .map(|input| &lines[(input % held) * line..][..line]);
                }
                // SAFETY: the caller's.
                unsafe { L::run(Row { depthwise: &block.depthwise, lines: &covered[..kernel], to: narrow }) };
            }
            let pixels = (end - row) * across.out;
            let finish = if block.residual {
                Finish::Residual(&from[row * width * inputs..][..pixels * inputs])
            } else {
                Finish::Linear
            };
            let values = &mut to[row * across.out * outputs..][..pixels * outputs];
            let to = Rows { values, stride: outputs, columns: outputs, line: [pixels, 0] };
            // SAFETY: the caller's.
            unsafe {
                let from = Inputs::rows(narrow, channels);
                L::run(Multiply { from, rows: pixels, panels: &block.project, to, finish });
            }
            row = end;
        }
    }
}

/// Rows of the map, each of `width` pixels, widened to lines of `line` numbers; a block that does not widen takes them
/// as they are.
#[inline(always)]
unsafe fn widen<L: Lanes>(block: &Block, from: &[f32], wide: &mut [f32], [width, line]: [usize; 2]) {
    let channels = block.depthwise.channels;
    match &block.expand {
        Some(expand) => {
            let to = Rows { values: wide, stride: channels, columns: channels, line: [width, line] };
            let (from, rows) = (Inputs::rows(from, expand.inputs()), from.len() / expand.inputs());
            // SAFETY: the caller's.
            unsafe { L::run(Multiply { from, rows, panels: expand, to, finish: Finish::Relu6 }) };
        }
        None => {
            let rows = wide.chunks_mut(line).count();
            let inputs = from.len().checked_div(rows * width).unwrap_or(0);
            for (wide, from) in wide.chunks_mut(line).zip(from.chunks_exact(width * inputs)) {
                if inputs == channels {
                    wide[..from.len()].copy_from_slice(from);
                    continue;
                }
                for (wide, pixel) in wide.chunks_exact_mut(channels).zip(from.chunks_exact(inputs)) {
                    wide[..inputs].copy_from_slice(pixel);
                    wide[inputs..].fill(0.0);
                }
            }
        }
    }
}
