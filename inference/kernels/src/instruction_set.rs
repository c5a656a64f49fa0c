//! The instruction sets that kernels are compiled for.

#[cfg(target_arch = "x86_64")]
use crate::simd::{Avx2, Avx512};
use crate::simd::{Base, Kernel, Simd};

/// An instruction set that this processor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstructionSet(Token);

/// Proof of one instruction set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512),
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    /// The compile target's baseline: NEON on 64-bit ARM, SIMD128 in a wasm module that was built with it, and portable
    /// code elsewhere.
    Base(Base),
}

impl InstructionSet {
    /// The instruction sets that this processor has, best first; never empty.
    pub fn present() -> impl Iterator<Item = Self> {
        let detected = [
            #[cfg(target_arch = "x86_64")]
            Avx512::new().map(Token::Avx512),
            #[cfg(target_arch = "x86_64")]
            Avx2::new().map(Token::Avx2),
            Some(Token::Base(Base::new())),
        ];
        detected.into_iter().flatten().map(Self)
    }

    /// The best instruction set that this processor has.
    #[must_use]
    pub fn detect() -> Self {
        Self::present().next().unwrap_or(Self(Token::Base(Base::new())))
    }

    /// Elements per SIMD vector.
    #[must_use]
    pub fn width(self) -> usize {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Token::Avx512(_) => Avx512::WIDTH,
            #[cfg(target_arch = "x86_64")]
            Token::Avx2(_) => Avx2::WIDTH,
            Token::Base(_) => Base::WIDTH,
        }
    }

    /// Runs a kernel with this instruction set.
    pub(crate) fn run(self, kernel: impl Kernel) {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Token::Avx512(simd) => simd.vectorize(kernel),
            #[cfg(target_arch = "x86_64")]
            Token::Avx2(simd) => simd.vectorize(kernel),
            Token::Base(simd) => simd.vectorize(kernel),
        }
    }
}
