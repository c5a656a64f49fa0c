//! Scratch memory of the kernels, not cleared between calls.

use std::ops::Range;

/// Memory that kernels reuse from one call to the next; it grows to the largest call's need.
#[derive(Debug, Default)]
pub struct Scratch(Vec<f32>);

impl Scratch {
    /// No memory until the first call.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Space of that length with unspecified contents.
    pub(crate) fn room(&mut self, length: usize) -> &mut [f32] {
        if self.0.len() < length {
            self.0.resize(length, 0.0);
        }
        &mut self.0[..length]
    }
}

impl From<Vec<f32>> for Scratch {
    /// Starts with memory of any contents.
    fn from(values: Vec<f32>) -> Self {
        Self(values)
    }
}

/// Writes zeros to both sides of the range `held` in each line of `length` elements.
pub(crate) fn pad(lines: &mut [f32], length: usize, held: Range<usize>) {
    for line in lines.chunks_exact_mut(length) {
        line[..held.start].fill(0.0);
        line[held.end..].fill(0.0);
    }
}
