//! wasm with SIMD128. It has no fused multiply-add: the product is rounded too.

#![allow(unsafe_code, reason = "loads and stores take pointers")]

use std::arch::wasm32::{f32x4_add, f32x4_mul, f32x4_pmax, f32x4_pmin, f32x4_splat, v128, v128_load, v128_store};

use super::{Kernel, Simd};

/// SIMD128, which the compile target includes: an engine without it rejects the module as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Simd128(());

impl Simd128 {
    /// Every engine that accepted the module has SIMD128.
    pub(crate) const fn new() -> Self {
        Self(())
    }

    #[inline(never)]
    fn compiled(self, kernel: impl Kernel) {
        kernel.run(self);
    }
}

impl Simd for Simd128 {
    type Vector = v128;
    const WIDTH: usize = 4;
    // Engines reserve some of the 16 SIMD registers of x86. In Node 20 the sums of five rows spill, which makes a
    // network 25 % slower on an AMD EPYC, and so do the sums of four pixels with a 5x5 kernel. ARM has 32 registers; it
    // was not measured.
    const ROWS: usize = 4;
    const PIXELS: usize = 3;

    #[inline(always)]
    fn vectorize(self, kernel: impl Kernel) {
        self.compiled(kernel);
    }

    #[inline(always)]
    unsafe fn load(self, from: *const f32) -> v128 {
        // SAFETY: `from` points to 4 elements, by the trait's contract.
        unsafe { v128_load(from.cast()) }
    }

    #[inline(always)]
    unsafe fn store(self, vector: v128, to: *mut f32) {
        // SAFETY: `to` has room for 4 elements, by the trait's contract.
        unsafe { v128_store(to.cast(), vector) }
    }

    #[inline(always)]
    fn splat(self, value: f32) -> v128 {
        f32x4_splat(value)
    }

    #[inline(always)]
    fn add(self, left: v128, right: v128) -> v128 {
        f32x4_add(left, right)
    }

    #[inline(always)]
    fn mul_add(self, left: v128, right: v128, addend: v128) -> v128 {
        f32x4_add(f32x4_mul(left, right), addend)
    }

    #[inline(always)]
    fn relu6(self, vector: v128) -> v128 {
        // The pseudo-minimum is one instruction on x86, the IEEE minimum five. It returns its first operand unless the
        // second is less, so NaN propagates.
        f32x4_pmin(f32x4_pmax(vector, f32x4_splat(0.0)), f32x4_splat(6.0))
    }
}
