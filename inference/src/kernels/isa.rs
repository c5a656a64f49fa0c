//! Which instructions there are.

#![allow(unsafe_code, reason = "an instruction set is entered after a look at what the processor has")]

use super::lanes::{Lanes, Portable};

/// An instruction set that kernels are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Isa {
    /// x86-64 with AVX2 and FMA.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// 64-bit ARM.
    #[cfg(target_arch = "aarch64")]
    Neon,
    /// Any processor.
    #[cfg_attr(any(target_arch = "aarch64", all(target_family = "wasm", target_feature = "simd128")), allow(dead_code))]
    Portable,
    /// wasm with SIMD128.
    #[cfg(all(target_family = "wasm", target_feature = "simd128"))]
    Simd128,
}

/// Something to compute with whatever vectors there are.
pub(super) trait Kernel {
    /// # Safety
    /// The instruction set of `L` must be there.
    unsafe fn run<L: Lanes>(self);
}

impl Isa {
    /// The best that this processor has.
    pub(super) fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            return Self::Avx2;
        }
        #[cfg(target_arch = "aarch64")]
        return Self::Neon;
        #[cfg(all(target_family = "wasm", target_feature = "simd128"))]
        return Self::Simd128;
        #[cfg(not(any(target_arch = "aarch64", all(target_family = "wasm", target_feature = "simd128"))))]
        Self::Portable
    }

    /// Numbers in a vector.
    pub(super) fn width(self) -> usize {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => super::lanes::Avx2::WIDTH,
            #[cfg(target_arch = "aarch64")]
            Self::Neon => super::lanes::Neon::WIDTH,
            Self::Portable => Portable::WIDTH,
            #[cfg(all(target_family = "wasm", target_feature = "simd128"))]
            Self::Simd128 => super::lanes::Simd128::WIDTH,
        }
    }

    /// Computes it. Panics for an instruction set that is not here; [`Isa::detect`] gives none.
    pub(super) fn run(self, kernel: impl Kernel) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => {
                assert!(is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"));
                // SAFETY: just looked.
                unsafe { avx2(kernel) }
            }
            #[cfg(target_arch = "aarch64")]
            // SAFETY: every 64-bit ARM processor has NEON.
            Self::Neon => unsafe { kernel.run::<super::lanes::Neon>() },
            // SAFETY: needs nothing.
            Self::Portable => unsafe { kernel.run::<Portable>() },
            #[cfg(all(target_family = "wasm", target_feature = "simd128"))]
            // SAFETY: the whole module needs SIMD128 to start.
            Self::Simd128 => unsafe { kernel.run::<super::lanes::Simd128>() },
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn avx2(kernel: impl Kernel) {
    // SAFETY: this function's features are what it needs.
    unsafe { kernel.run::<super::lanes::Avx2>() }
}
