//! The processor's peak, which benchmarks compare kernels with.

#![allow(unsafe_code, reason = "a vector is stored through a pointer")]

use std::hint::black_box;

use crate::instruction_set::InstructionSet;
use crate::simd::{Kernel, Simd, WIDEST};

/// Independent accumulators: enough to keep every execution unit of the processor busy.
const SUMS: usize = 12;

/// Multiply-adds of each accumulator in one call of [`run`].
const ROUNDS: usize = 10_000;

struct Peak(f32);

impl Kernel for &mut Peak {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let (mut sums, factor) = ([simd.splat(self.0); SUMS], simd.splat(black_box(0.5)));
        for _ in 0..ROUNDS {
            for sum in &mut sums {
                *sum = simd.mul_add(*sum, factor, factor);
            }
        }
        let all = sums.into_iter().fold(simd.splat(0.0), |all, sum| simd.add(all, sum));
        let mut elements = [0.0; WIDEST];
        // SAFETY: `elements` has room for the widest vector.
        unsafe { simd.store(all, elements.as_mut_ptr()) };
        self.0 = elements[0];
    }
}

/// Multiply-adds in registers, without memory access.
pub fn run(set: InstructionSet) {
    let mut peak = Peak(1.0);
    set.run(&mut peak);
    black_box(peak.0);
}

/// Floating-point operations of one call of [`run`].
#[must_use]
pub fn operations(set: InstructionSet) -> usize {
    2 * SUMS * ROUNDS * set.width()
}
