//! How many samples each component has at a scale.

use crate::blocks::zigzag::{ACROSS, BLOCK, DOWN};
use crate::scale::Scale;
use crate::segments::frame::{Component, Frame};

/// The sizes of a component in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Side {
    /// Samples per block after the transform: 1, 2, 4 or 8.
    pub(crate) samples: usize,
    /// Samples per MCU.
    pub(crate) of_mcu: usize,
    /// Decoded pixels per MCU.
    pub(crate) pixels: usize,
    /// Samples inside the picture; storage is rounded up to whole MCUs.
    pub(crate) visible: usize,
    /// Blocks, rounded up to whole MCUs.
    pub(crate) blocks: usize,
}

impl Side {
    /// For a component with `blocks` blocks per MCU, where the largest component has `most`, on a side of `length`
    /// stored pixels.
    fn new(blocks: usize, most: usize, mcus: usize, length: usize, scale: Scale) -> Self {
        let pixels = most * scale.eighths() as usize;
        // As many samples as pixels, if a block has that many frequencies; otherwise they are upsampled later.
        let samples = [8, 4, 2].into_iter().find(|samples| blocks * samples <= pixels).unwrap_or(1);
        let visible = (length * blocks * samples).div_ceil(8 * most);
        Self { samples, of_mcu: blocks * samples, pixels, visible, blocks: mcus * blocks }
    }

    /// Samples that are stored.
    pub(crate) fn stored(self) -> usize {
        self.blocks * self.samples
    }

    /// Whether there is a sample for every pixel.
    pub(crate) fn is_direct(self) -> bool {
        self.of_mcu == self.pixels
    }

    /// Whether there is a sample for every two pixels.
    pub(crate) fn is_halved(self) -> bool {
        2 * self.of_mcu == self.pixels
    }

    /// The sample of a pixel.
    pub(crate) fn sample(self, pixel: usize) -> usize {
        (pixel * self.of_mcu / self.pixels).min(self.visible - 1)
    }
}

/// A component at a scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) across: Side,
    pub(crate) down: Side,
}

impl Layout {
    pub(crate) fn new(frame: &Frame, component: &Component, scale: Scale) -> Self {
        Self {
            across: Side::new(component.across, frame.most_across, frame.mcus_across, frame.width, scale),
            down: Side::new(component.down, frame.most_down, frame.mcus_down, frame.height, scale),
        }
    }

    /// Whether the transform reads the coefficient of that index in stored order.
    pub(crate) fn keeps(&self, index: usize) -> bool {
        usize::from(ACROSS[index]) < self.across.samples && usize::from(DOWN[index]) < self.down.samples
    }

    /// One more than the last index that the transform reads.
    pub(crate) fn end(&self) -> usize {
        (0..BLOCK).rev().find(|index| self.keeps(*index)).map_or(0, |index| index + 1)
    }

    pub(crate) fn blocks(&self) -> usize {
        self.across.blocks * self.down.blocks
    }
}
