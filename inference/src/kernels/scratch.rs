//! Memory that a kernel works in and leaves to the next one as it is.

use std::ops::Range;

/// Room for numbers whose values do not matter, in memory that serves again and again.
pub(super) fn room(scratch: &mut Vec<f32>, length: usize) -> &mut [f32] {
    if scratch.len() < length {
        scratch.resize(length, 0.0);
    }
    &mut scratch[..length]
}

/// Zeros on both sides of what each line of `length` numbers will hold.
pub(super) fn pad(lines: &mut [f32], length: usize, held: Range<usize>) {
    for line in lines.chunks_exact_mut(length) {
        line[..held.start].fill(0.0);
        line[held.end..].fill(0.0);
    }
}
