//! wasm with SIMD128. It has no fused multiply-add: the product is rounded too.

#![allow(unsafe_code, reason = "intrinsics")]

use std::arch::wasm32::{f32x4_add, f32x4_mul, f32x4_pmax, f32x4_pmin, f32x4_splat, v128, v128_load, v128_store};

use super::{Kernel, SimdVector};

#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Simd128(v128);

// SAFETY, here and below: the caller guarantees 4 elements at each pointer. An engine without SIMD128 rejects the
// module as a whole.
impl SimdVector for Simd128 {
    const WIDTH: usize = 4;
    // Engines reserve some of the 16 SIMD registers of x86. In Node 20 the sums of five rows spill, which makes a
    // network 25 % slower on an AMD EPYC, and so do the sums of four pixels with a 5x5 kernel. ARM has 32 registers; it
    // was not measured.
    const ROWS: usize = 4;
    const PIXELS: usize = 3;

    #[inline(never)]
    unsafe fn run<K: Kernel>(kernel: K) {
        // SAFETY: by this function's contract.
        unsafe { kernel.run::<Self>() }
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: see above.
        Self(unsafe { v128_load(from.cast()) })
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: see above.
        unsafe { v128_store(to.cast(), self.0) }
    }

    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        Self(f32x4_splat(value))
    }

    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        Self(f32x4_add(self.0, other.0))
    }

    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self {
        Self(f32x4_add(f32x4_mul(self.0, factor.0), addend.0))
    }

    #[inline(always)]
    unsafe fn relu6(self) -> Self {
        // The pseudo-minimum is one instruction on x86, the IEEE minimum five. It returns its first operand unless the
        // second is less, so NaN propagates.
        Self(f32x4_pmin(f32x4_pmax(self.0, f32x4_splat(0.0)), f32x4_splat(6.0)))
    }
}
