//! 64-bit ARM, which always has NEON.

#![allow(unsafe_code, reason = "intrinsics")]

use std::arch::aarch64::{float32x4_t, vaddq_f32, vdupq_n_f32, vfmaq_f32, vld1q_f32, vmaxq_f32, vminq_f32, vst1q_f32};

use super::{Kernel, Simd};

/// NEON, which the compile target includes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Neon(());

impl Neon {
    /// Every processor of the compile target has NEON.
    pub(crate) const fn new() -> Self {
        Self(())
    }

    #[inline(never)]
    fn compiled(self, kernel: impl Kernel) {
        kernel.run(self);
    }
}

// SAFETY, here and below: the compile target includes NEON; pointers are valid by the trait's contract.
impl Simd for Neon {
    type Vector = float32x4_t;
    const WIDTH: usize = 4;
    const ROWS: usize = 12;
    const PIXELS: usize = 8;

    #[inline(always)]
    fn vectorize(self, kernel: impl Kernel) {
        self.compiled(kernel);
    }

    #[inline(always)]
    unsafe fn load(self, from: *const f32) -> float32x4_t {
        // SAFETY: see above.
        unsafe { vld1q_f32(from) }
    }

    #[inline(always)]
    unsafe fn store(self, vector: float32x4_t, to: *mut f32) {
        // SAFETY: see above.
        unsafe { vst1q_f32(to, vector) }
    }

    #[inline(always)]
    fn splat(self, value: f32) -> float32x4_t {
        // SAFETY: see above.
        unsafe { vdupq_n_f32(value) }
    }

    #[inline(always)]
    fn add(self, left: float32x4_t, right: float32x4_t) -> float32x4_t {
        // SAFETY: see above.
        unsafe { vaddq_f32(left, right) }
    }

    #[inline(always)]
    fn mul_add(self, left: float32x4_t, right: float32x4_t, addend: float32x4_t) -> float32x4_t {
        // SAFETY: see above.
        unsafe { vfmaq_f32(addend, left, right) }
    }

    #[inline(always)]
    fn relu6(self, vector: float32x4_t) -> float32x4_t {
        // SAFETY: see above.
        unsafe { vminq_f32(vmaxq_f32(vector, vdupq_n_f32(0.0)), vdupq_n_f32(6.0)) }
    }
}
