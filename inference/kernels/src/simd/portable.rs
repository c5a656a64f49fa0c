//! Portable code for any processor; the compiler vectorises it where it can.

#![allow(unsafe_code, reason = "loads and stores take pointers")]

use super::{Kernel, Simd};

/// The compile target's own instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Portable;

impl Portable {
    /// Every processor runs portable code.
    pub(crate) const fn new() -> Self {
        Self
    }

    #[inline(never)]
    fn compiled(self, kernel: impl Kernel) {
        kernel.run(self);
    }
}

impl Simd for Portable {
    type Vector = [f32; 4];
    const WIDTH: usize = 4;
    const ROWS: usize = 4;
    const PIXELS: usize = 4;

    #[inline(always)]
    fn vectorize(self, kernel: impl Kernel) {
        self.compiled(kernel);
    }

    #[inline(always)]
    unsafe fn load(self, from: *const f32) -> [f32; 4] {
        // SAFETY: `from` points to 4 elements, by the trait's contract.
        unsafe { from.cast::<[f32; 4]>().read_unaligned() }
    }

    #[inline(always)]
    unsafe fn store(self, vector: [f32; 4], to: *mut f32) {
        // SAFETY: `to` has room for 4 elements, by the trait's contract.
        unsafe { to.cast::<[f32; 4]>().write_unaligned(vector) }
    }

    #[inline(always)]
    fn splat(self, value: f32) -> [f32; 4] {
        [value; 4]
    }

    #[inline(always)]
    fn add(self, left: [f32; 4], right: [f32; 4]) -> [f32; 4] {
        std::array::from_fn(|lane| left[lane] + right[lane])
    }

    #[inline(always)]
    fn mul_add(self, left: [f32; 4], right: [f32; 4], addend: [f32; 4]) -> [f32; 4] {
        std::array::from_fn(|lane| left[lane] * right[lane] + addend[lane])
    }

    #[inline(always)]
    fn relu6(self, vector: [f32; 4]) -> [f32; 4] {
        vector.map(|value| value.clamp(0.0, 6.0))
    }
}
