//! Scratch memory of the kernels, not cleared between calls.

use std::ops::Range;

/// Scratch space of that length with unspecified contents, grown if needed.
pub(super) fn room(scratch: &mut Vec<f32>, length: usize) -> &mut [f32] {
    if scratch.len() < length {
        scratch.resize(length, 0.0);
    }
    &mut scratch[..length]
}

/// Writes zeros to both sides of the range `held` in each line of `length` elements.
pub(super) fn pad(lines: &mut [f32], length: usize, held: Range<usize>) {
    for line in lines.chunks_exact_mut(length) {
        line[..held.start].fill(0.0);
        line[held.end..].fill(0.0);
    }
}
