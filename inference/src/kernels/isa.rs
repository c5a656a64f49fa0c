//! Which instructions there are.

#![allow(unsafe_code, reason = "an instruction set is entered after a look at what the processor has")]

use super::lanes::{Base, Kernel, Lanes};

/// An instruction set that kernels are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Isa {
    /// x86-64 with AVX2 and FMA.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// x86-64 with AVX-512F.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// What every processor has on which the program starts: NEON on 64-bit ARM, SIMD128 in a wasm module that was built
    /// with it, and elsewhere nothing in particular.
    Base,
}

impl Isa {
    /// Every set that kernels are compiled for here, the best first.
    const ALL: &'static [Self] = &[
        #[cfg(target_arch = "x86_64")]
        Self::Avx512,
        #[cfg(target_arch = "x86_64")]
        Self::Avx2,
        Self::Base,
    ];

    /// Those that this processor has, the best first.
    pub(super) fn present() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|isa| isa.is_present())
    }

    /// The best that this processor has.
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

    /// Numbers in a vector.
    pub(super) fn width(self) -> usize {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => super::lanes::Avx2::WIDTH,
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => super::lanes::Avx512::WIDTH,
            Self::Base => Base::WIDTH,
        }
    }

    /// Computes it. Panics for an instruction set that is not here; [`Isa::present`] gives none.
    pub(super) fn run(self, kernel: impl Kernel) {
        assert!(self.is_present());
        // SAFETY: what it needs is there.
        unsafe {
            match self {
                #[cfg(target_arch = "x86_64")]
                Self::Avx2 => super::lanes::Avx2::run(kernel),
                #[cfg(target_arch = "x86_64")]
                Self::Avx512 => super::lanes::Avx512::run(kernel),
                Self::Base => Base::run(kernel),
            }
        }
    }
}
