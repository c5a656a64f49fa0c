//! Detection of the processor's instruction sets.

#![allow(unsafe_code, reason = "code for an instruction set runs only after detection")]

use super::simd::{Base, Kernel, SimdVector};

/// An instruction set that kernels are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Isa {
    /// x86-64 with AVX2 and FMA.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// x86-64 with AVX-512F.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// The compile target's baseline: NEON on 64-bit ARM, SIMD128 in a wasm module that was built with it, and portable
    /// code elsewhere.
    Base,
}

impl Isa {
    /// Every instruction set that kernels are compiled for on this target, best first.
    const ALL: &'static [Self] = &[
        #[cfg(target_arch = "x86_64")]
        Self::Avx512,
        #[cfg(target_arch = "x86_64")]
        Self::Avx2,
        Self::Base,
    ];

    /// The instruction sets that this processor has, best first.
    pub(super) fn present() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|isa| isa.is_present())
    }

    /// The best instruction set that this processor has.
    pub(super) fn detect() -> Self {
        Self::present().next().unwrap_or(Self::Base)
    }

    fn is_present(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => is_x86_feature_detected!("avx512f"),
            Self::Base => true,
        }
    }

    /// Elements per SIMD vector.
    pub(super) fn width(self) -> usize {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => super::simd::Avx2::WIDTH,
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => super::simd::Avx512::WIDTH,
            Self::Base => Base::WIDTH,
        }
    }

    /// Runs a kernel. Panics if the processor lacks this instruction set; [`Isa::present`] never returns such a one.
    pub(super) fn run(self, kernel: impl Kernel) {
        assert!(self.is_present());
        // SAFETY: the processor has the instruction set, as asserted above.
        unsafe {
            match self {
                #[cfg(target_arch = "x86_64")]
                Self::Avx2 => super::simd::Avx2::run(kernel),
                #[cfg(target_arch = "x86_64")]
                Self::Avx512 => super::simd::Avx512::run(kernel),
                Self::Base => Base::run(kernel),
            }
        }
    }
}
