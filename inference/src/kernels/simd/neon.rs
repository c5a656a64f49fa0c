//! 64-bit ARM, which always has NEON.

#![allow(unsafe_code, reason = "intrinsics")]

use std::arch::aarch64::{float32x4_t, vaddq_f32, vdupq_n_f32, vfmaq_f32, vld1q_f32, vmaxq_f32, vminq_f32, vst1q_f32};

use super::{Kernel, SimdVector};

#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Neon(float32x4_t);

// SAFETY, here and below: the caller guarantees that the processor has NEON, and 4 elements at each pointer.
impl SimdVector for Neon {
    const WIDTH: usize = 4;
    const ROWS: usize = 12;
    const PIXELS: usize = 8;

    #[inline(never)]
    unsafe fn run<K: Kernel>(kernel: K) {
        // SAFETY: by this function's contract.
        unsafe { kernel.run::<Self>() }
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: see above.
        Self(unsafe { vld1q_f32(from) })
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: see above.
        unsafe { vst1q_f32(to, self.0) }
    }

    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        // SAFETY: see above.
        Self(unsafe { vdupq_n_f32(value) })
    }

    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        // SAFETY: see above.
        Self(unsafe { vaddq_f32(self.0, other.0) })
    }

    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self {
        // SAFETY: see above.
        Self(unsafe { vfmaq_f32(addend.0, self.0, factor.0) })
    }

    #[inline(always)]
    unsafe fn relu6(self) -> Self {
        // SAFETY: see above.
        Self(unsafe { vminq_f32(vmaxq_f32(self.0, vdupq_n_f32(0.0)), vdupq_n_f32(6.0)) })
    }
}
