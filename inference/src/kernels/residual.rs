//! An inverted residual block, computed row by row: the expanded feature map is never stored as a whole.

#![allow(unsafe_code, reason = "it calls kernels that need an instruction set")]

use super::BlockShape;
use super::LARGEST_KERNEL as LARGEST;
use super::depthwise::{Depthwise, Row};
use super::isa::Isa;
use super::multiply::{Finish, Inputs, Multiply, Rows};
use super::panels::Panels;
use super::same::Same;
use super::scratch;
use super::simd::{Kernel, SimdVector};

/// Target number of pixels per pointwise convolution: a small feature map is processed several rows at a time, so that
/// weights are read once for all of them.
const BATCH: usize = 48;

/// A block's weights, packed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Block {
    /// The pointwise convolution that expands, with ReLU6.
    pub(super) expand: Option<Panels>,
    /// The depthwise convolution, with ReLU6.
    pub(super) depthwise: Depthwise,
    /// The pointwise convolution that projects, without ReLU6.
    pub(super) project: Panels,
    /// Whether the input is added to the output.
    pub(super) residual: bool,
    /// Channels of the input.
    inputs: usize,
}

impl Block {
    /// Packs weights and biases of the shapes in [`super::Kernels`]. The expanded channels are padded to whole vectors,
    /// so that no kernel handles a partial vector.
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

    /// Channels of the input.
    pub(super) fn inputs(&self) -> usize {
        self.inputs
    }
}

/// A block applied to one feature map.
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
    unsafe fn run<L: SimdVector>(self) {
        let Self { block, size: [height, width], from, to, scratch } = self;
        let Depthwise { kernel, stride, channels, .. } = block.depthwise;
        let (down, across) = (Same::new(height, kernel, stride), Same::new(width, kernel, stride));
        let (inputs, outputs) = (from.len().checked_div(height * width).unwrap_or(0), block.project.outputs());
        let line = (across.before + width + across.after).max((across.out.max(1) - 1) * stride + kernel) * channels;
        let batch = BATCH.div_ceil(across.out.max(1)).min(down.out);
        // The lines that the depthwise kernel covers in a batch of rows, and the batch's results. Everything except the
        // lines' padding is written before it is read.
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
                // Up to the end of the ring buffer of lines.
                let (slot, count) = (ready % held, (last - ready).min(held - ready % held));
                let source = &from[ready * width * inputs..][..count * width * inputs];
                let wide = &mut lines[slot * line + across.before * channels..(slot + count) * line];
                // SAFETY: by this function's contract.
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
                // SAFETY: by this function's contract.
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
            // SAFETY: by this function's contract.
            unsafe {
                let from = Inputs::rows(narrow, channels);
                L::run(Multiply { from, rows: pixels, panels: &block.project, to, finish });
            }
            row = end;
        }
    }
}

/// Expands rows of `width` pixels to lines of `line` elements; a block without expansion copies them.
#[inline(always)]
unsafe fn widen<L: SimdVector>(block: &Block, from: &[f32], wide: &mut [f32], [width, line]: [usize; 2]) {
    let channels = block.depthwise.channels;
    match &block.expand {
        Some(expand) => {
            let to = Rows { values: wide, stride: channels, columns: channels, line: [width, line] };
            let (from, rows) = (Inputs::rows(from, expand.inputs()), from.len() / expand.inputs());
            // SAFETY: by this function's contract.
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
