//! x86-64 with AVX-512.

#![allow(unsafe_code, reason = "intrinsics")]

use std::arch::x86_64::{
    __m512, _MM_HINT_T0, _mm_prefetch, _mm512_add_ps, _mm512_fmadd_ps, _mm512_loadu_ps, _mm512_max_ps, _mm512_min_ps,
    _mm512_set1_ps, _mm512_setzero_ps, _mm512_storeu_ps,
};

use super::{Kernel, SimdVector};

#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Avx512(__m512);

// SAFETY, here and below: the caller guarantees that the processor has AVX-512F, and 16 elements at each pointer.
impl SimdVector for Avx512 {
    const WIDTH: usize = 16;
    const ROWS: usize = 12;
    const PIXELS: usize = 8;

    #[target_feature(enable = "avx512f")]
    unsafe fn run<K: Kernel>(kernel: K) {
        // SAFETY: by this function's contract.
        unsafe { kernel.run::<Self>() }
    }

    #[inline(always)]
    fn prefetch(from: *const f32) {
        // SAFETY: a prefetch has no visible effect and accepts any address; every x86-64 processor has it.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(from.cast()) }
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: see above.
        Self(unsafe { _mm512_loadu_ps(from) })
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: see above.
        unsafe { _mm512_storeu_ps(to, self.0) }
    }

    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        // SAFETY: see above.
        Self(unsafe { _mm512_set1_ps(value) })
    }

    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        // SAFETY: see above.
        Self(unsafe { _mm512_add_ps(self.0, other.0) })
    }

    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self {
        // SAFETY: see above.
        Self(unsafe { _mm512_fmadd_ps(self.0, factor.0, addend.0) })
    }

    #[inline(always)]
    unsafe fn relu6(self) -> Self {
        // SAFETY: see above. min/max return the second operand for NaN, so the value comes second: NaN must propagate.
        Self(unsafe { _mm512_min_ps(_mm512_set1_ps(6.0), _mm512_max_ps(_mm512_setzero_ps(), self.0)) })
    }
}
