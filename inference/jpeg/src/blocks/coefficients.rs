//! The coefficients of a progressive picture's component, as far as the scale needs them.

use crate::blocks::layout::Layout;
use crate::blocks::transform::{Block, Transform};
use crate::blocks::zigzag::BLOCK;

/// Marks a coefficient that is not kept.
const DROPPED: u8 = u8::MAX;

/// The coefficients that the transform reads, and for all others whether they are zero, which the decoding of later
/// scans depends on.
#[derive(Clone, Debug)]
pub(crate) struct Coefficients {
    /// For each index in stored order, the coefficient's position among a block's kept values.
    slots: [u8; BLOCK],
    /// Indices of the kept coefficients.
    kept: Vec<u8>,
    values: Vec<i16>,
    /// One bit per coefficient; empty if only DC coefficients are kept.
    nonzero: Vec<u64>,
    across: usize,
}

impl Coefficients {
    pub(crate) fn new(layout: &Layout) -> Self {
        let kept: Vec<u8> = (0..BLOCK).filter(|index| layout.keeps(*index)).map(|index| index as u8).collect();
        let mut slots = [DROPPED; BLOCK];
        for (slot, index) in kept.iter().enumerate() {
            slots[usize::from(*index)] = slot as u8;
        }
        let blocks = layout.blocks();
        Self {
            slots,
            values: vec![0; blocks * kept.len()],
            nonzero: vec![0; if kept.len() == 1 { 0 } else { blocks }],
            kept,
            across: layout.across.blocks,
        }
    }

    /// Bytes that [`Coefficients::new`] takes.
    pub(crate) fn bytes(layout: &Layout) -> u64 {
        let kept = layout.across.samples * layout.down.samples;
        let block = 2 * kept + if kept == 1 { 0 } else { 8 };
        block as u64 * layout.blocks() as u64
    }

    /// Whether AC scans can be skipped.
    pub(crate) fn only_means(&self) -> bool {
        self.kept.len() == 1
    }

    /// The block at that column and row of blocks.
    #[inline(always)]
    pub(crate) fn block(&mut self, x: usize, y: usize) -> Stored<'_> {
        let index = y * self.across + x;
        let values = self.values.chunks_exact_mut(self.kept.len()).nth(index).unwrap_or_default();
        Stored { slots: &self.slots, values, nonzero: self.nonzero.get_mut(index) }
    }

    /// Transforms a block into samples.
    pub(crate) fn write(&self, (x, y): (usize, usize), transform: &Transform, out: &mut [u8], stride: usize) {
        let index = y * self.across + x;
        let values = self.values.chunks_exact(self.kept.len()).nth(index).unwrap_or_default();
        let Some((mean, rest)) = values.split_first() else {
            return;
        };
        let mean = f32::from(*mean) * transform.factors[0];
        if rest.iter().all(|value| *value == 0) {
            return transform.flat(mean, out, stride);
        }
        let mut block: Block = [0.0; BLOCK];
        block[0] = mean;
        for (index, value) in self.kept.iter().zip(values).skip(1) {
            let index = usize::from(*index) & (BLOCK - 1);
            block[Transform::place(index)] = f32::from(*value) * transform.factors[index];
        }
        transform.write(&mut block, out, stride);
    }
}

/// A block's coefficients.
#[derive(Debug)]
pub(crate) struct Stored<'a> {
    slots: &'a [u8; BLOCK],
    values: &'a mut [i16],
    nonzero: Option<&'a mut u64>,
}

impl Stored<'_> {
    #[inline(always)]
    pub(crate) fn value(&mut self, index: usize) -> Option<&mut i16> {
        self.values.get_mut(usize::from(self.slots[index & (BLOCK - 1)]))
    }

    /// Which coefficients are not zero, one bit per index in stored order.
    #[inline(always)]
    pub(crate) fn nonzero(&self) -> u64 {
        self.nonzero.as_deref().copied().unwrap_or(0)
    }

    /// Sets a coefficient's first bits.
    #[inline(always)]
    pub(crate) fn begin(&mut self, index: usize, value: i16) {
        if let Some(kept) = self.value(index) {
            *kept = value;
        }
        if let Some(nonzero) = &mut self.nonzero {
            **nonzero |= 1 << (index & (BLOCK - 1));
        }
    }

    /// Adds a refinement bit to a coefficient, away from zero.
    #[inline(always)]
    pub(crate) fn refine(&mut self, index: usize, bit: i16) {
        if let Some(kept) = self.value(index) {
            *kept = if *kept < 0 { kept.wrapping_sub(bit) } else { kept.wrapping_add(bit) };
        }
    }
}
