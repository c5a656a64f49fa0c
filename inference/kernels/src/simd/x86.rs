//! x86-64: AVX2 with FMA, and AVX-512F.

#![allow(unsafe_code, reason = "intrinsics")]

use std::arch::x86_64::{
    __m256, __m512, _MM_HINT_T0, _mm_prefetch, _mm256_add_ps, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_max_ps,
    _mm256_min_ps, _mm256_set1_ps, _mm256_setzero_ps, _mm256_storeu_ps, _mm512_add_ps, _mm512_fmadd_ps,
    _mm512_loadu_ps, _mm512_max_ps, _mm512_min_ps, _mm512_set1_ps, _mm512_setzero_ps, _mm512_storeu_ps,
};

use super::{Kernel, Simd};

/// Defines an instruction set's token type; both instruction sets name their intrinsics alike.
///
/// SAFETY of all unsafe blocks: a value of the type proves that the processor has the instruction set, and pointers are
/// valid by the trait's contract.
macro_rules! instruction_set {
    (
        $name:ident, $features:literal, $detected:expr, $vector:ty, rows $rows:literal, pixels $pixels:literal,
        $load:ident, $store:ident, $splat:ident, $zero:ident, $add:ident, $mul_add:ident, $max:ident, $min:ident $(,)?
    ) => {
        #[doc = concat!("Proof that the processor has ", $features, ".")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) struct $name(());

        impl $name {
            /// The proof, if the processor has the instruction set.
            pub(crate) fn new() -> Option<Self> {
                $detected.then_some(Self(()))
            }

            #[target_feature(enable = $features)]
            fn compiled(self, kernel: impl Kernel) {
                kernel.run(self);
            }
        }

        impl Simd for $name {
            type Vector = $vector;
            const WIDTH: usize = size_of::<$vector>() / size_of::<f32>();
            const ROWS: usize = $rows;
            const PIXELS: usize = $pixels;

            #[inline(always)]
            fn vectorize(self, kernel: impl Kernel) {
                // SAFETY: see the macro.
                unsafe { self.compiled(kernel) }
            }

            #[inline(always)]
            fn prefetch(self, from: *const f32) {
                // SAFETY: a prefetch has no visible effect and accepts any address.
                unsafe { _mm_prefetch::<_MM_HINT_T0>(from.cast()) }
            }

            #[inline(always)]
            unsafe fn load(self, from: *const f32) -> $vector {
                // SAFETY: see the macro.
                unsafe { $load(from) }
            }

            #[inline(always)]
            unsafe fn store(self, vector: $vector, to: *mut f32) {
                // SAFETY: see the macro.
                unsafe { $store(to, vector) }
            }

            #[inline(always)]
            fn splat(self, value: f32) -> $vector {
                // SAFETY: see the macro.
                unsafe { $splat(value) }
            }

            #[inline(always)]
            fn add(self, left: $vector, right: $vector) -> $vector {
                // SAFETY: see the macro.
                unsafe { $add(left, right) }
            }

            #[inline(always)]
            fn mul_add(self, left: $vector, right: $vector, addend: $vector) -> $vector {
                // SAFETY: see the macro.
                unsafe { $mul_add(left, right, addend) }
            }

            #[inline(always)]
            fn relu6(self, vector: $vector) -> $vector {
                // min/max return the second operand for NaN, so the vector comes second: NaN must propagate.
                // SAFETY: see the macro.
                unsafe { $min($splat(6.0), $max($zero(), vector)) }
            }
        }
    };
}

instruction_set!(
    Avx2,
    "avx2,fma",
    (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")),
    __m256,
    rows 6,
    pixels 4,
    _mm256_loadu_ps,
    _mm256_storeu_ps,
    _mm256_set1_ps,
    _mm256_setzero_ps,
    _mm256_add_ps,
    _mm256_fmadd_ps,
    _mm256_max_ps,
    _mm256_min_ps,
);

instruction_set!(
    Avx512,
    "avx512f",
    is_x86_feature_detected!("avx512f"),
    __m512,
    rows 12,
    pixels 8,
    _mm512_loadu_ps,
    _mm512_storeu_ps,
    _mm512_set1_ps,
    _mm512_setzero_ps,
    _mm512_add_ps,
    _mm512_fmadd_ps,
    _mm512_max_ps,
    _mm512_min_ps,
);
