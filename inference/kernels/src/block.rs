//! An inverted residual block, computed row by row: the expanded feature map is never stored as a whole.

use crate::LARGEST_KERNEL as LARGEST;
use crate::depthwise::{Depthwise, Row};
use crate::instruction_set::InstructionSet;
use crate::multiply::{Finish, Inputs, Lines, Multiply, Rows};
use crate::panels::Panels;
use crate::same::Same;
use crate::scratch::{self, Scratch};
use crate::shape::BlockShape;
use crate::simd::{Kernel, Simd};

/// Target number of pixels per pointwise convolution: a small feature map is processed several rows at a time, so that
/// weights are read once for all of them.
const BATCH: usize = 48;

/// A block's weights, packed for an instruction set.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    set: InstructionSet,
    /// The pointwise convolution that expands, with ReLU6.
    expand: Option<Panels>,
    /// The depthwise convolution, with ReLU6.
    depthwise: Depthwise,
    /// The pointwise convolution that projects, without ReLU6.
    project: Panels,
    /// Whether the input is added to the output.
    residual: bool,
    /// Channels of the input.
    inputs: usize,
}

impl Block {
    /// Packs weights, each with its bias: `expand` `[channels, inputs, 1, 1]`, `depthwise` `[channels, 1, k, k]` and
    /// `project` `[outputs, channels, 1, 1]`. The expanded channels are padded to whole vectors, so that no kernel
    /// handles a partial vector.
    #[must_use]
    pub fn new(
        set: InstructionSet,
        expand: Option<[&[f32]; 2]>,
        [depthwise, depthwise_bias]: [&[f32]; 2],
        [project, project_bias]: [&[f32]; 2],
        shape: BlockShape,
    ) -> Self {
        let width = set.width();
        let inputs =
            expand.map_or(depthwise_bias.len(), |[weights, bias]| weights.len().checked_div(bias.len()).unwrap_or(0));
        let depthwise = Depthwise::new(depthwise, depthwise_bias, [shape.kernel, shape.stride], width);
        Self {
            set,
            expand: expand.map(|[weights, bias]| Panels::new(weights, bias, width)),
            project: Panels::widened(project, project_bias, depthwise.channels, width),
            depthwise,
            residual: shape.residual,
            inputs,
        }
    }

    /// Channels of the input.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Channels of the output.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.project.outputs()
    }

    /// Channels of the depthwise convolution, including the padding to whole vectors.
    #[must_use]
    pub fn channels(&self) -> usize {
        self.depthwise.channels
    }

    /// Whether the block has a convolution that expands.
    #[must_use]
    pub fn expands(&self) -> bool {
        self.expand.is_some()
    }

    /// Side of the depthwise kernel.
    #[must_use]
    pub fn kernel(&self) -> usize {
        self.depthwise.kernel
    }

    /// Height and width of the output for an input of that height and width.
    #[must_use]
    pub fn output_size(&self, size: [usize; 2]) -> [usize; 2] {
        size.map(|side| Same::new(side, self.depthwise.kernel, self.depthwise.stride).out)
    }

    /// Applies the block to `[height, width, inputs]` and writes `[height / stride, width / stride, outputs]`, both
    /// rounded up. Panics if a slice is shorter.
    pub fn run(&self, size: [usize; 2], from: &[f32], to: &mut [f32], scratch: &mut Scratch) {
        self.set.run(RunBlock { block: self, size, from, to, scratch });
    }
}

/// A block applied to one feature map.
struct RunBlock<'a> {
    block: &'a Block,
    size: [usize; 2],
    from: &'a [f32],
    to: &'a mut [f32],
    scratch: &'a mut Scratch,
}

impl Kernel for RunBlock<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { block, size: [height, width], from, to, scratch } = self;
        let Depthwise { kernel, stride, channels, .. } = block.depthwise;
        let (down, across) = (Same::new(height, kernel, stride), Same::new(width, kernel, stride));
        let (inputs, outputs) = (from.len().checked_div(height * width).unwrap_or(0), block.project.outputs());
        let line = (across.before + width + across.after).max((across.out.max(1) - 1) * stride + kernel) * channels;
        let batch = BATCH.div_ceil(across.out.max(1)).min(down.out);
        // The lines that the depthwise kernel covers in a batch of rows, and the batch's results. Everything except the
        // lines' padding is written before it is read.
        let held = ((batch.max(1) - 1) * stride + kernel).min(height.max(1));
        let scratch = scratch.room(held * line + batch * across.out * channels);
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
                widen(simd, block, source, wide, [width, line]);
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
                simd.vectorize(Row { depthwise: &block.depthwise, lines: &covered[..kernel], to: narrow });
            }
            let pixels = (end - row) * across.out;
            let finish = if block.residual {
                Finish::Residual(&from[row * width * inputs..][..pixels * inputs])
            } else {
                Finish::Linear
            };
            let values = &mut to[row * across.out * outputs..][..pixels * outputs];
            let to = Rows { values, stride: outputs, columns: outputs, lines: Lines::one(pixels) };
            let from = Inputs::rows(narrow, channels);
            simd.vectorize(Multiply { from, rows: pixels, panels: &block.project, to, finish });
            row = end;
        }
    }
}

/// Expands rows of `width` pixels to lines of `line` elements; a block without expansion copies them.
#[inline(always)]
fn widen<S: Simd>(simd: S, block: &Block, from: &[f32], wide: &mut [f32], [width, line]: [usize; 2]) {
    let channels = block.depthwise.channels;
    match &block.expand {
        Some(expand) => {
            let to =
                Rows { values: wide, stride: channels, columns: channels, lines: Lines { rows: width, step: line } };
            let (from, rows) = (Inputs::rows(from, expand.inputs()), from.len() / expand.inputs());
            simd.vectorize(Multiply { from, rows, panels: expand, to, finish: Finish::Relu6 });
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
