//! SIMD vectors, one token type per instruction set.

#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(not(any(target_arch = "aarch64", all(target_family = "wasm", target_feature = "simd128"))))]
mod portable;
#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
mod simd128;
#[cfg(target_arch = "x86_64")]
mod x86;

#[cfg(target_arch = "aarch64")]
pub(crate) use neon::Neon as Base;
#[cfg(not(any(target_arch = "aarch64", all(target_family = "wasm", target_feature = "simd128"))))]
pub(crate) use portable::Portable as Base;
#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
pub(crate) use simd128::Simd128 as Base;
#[cfg(target_arch = "x86_64")]
pub(crate) use x86::{Avx2, Avx512};

/// Elements of the widest vector.
pub(crate) const WIDEST: usize = 16;

/// The largest of [`Simd::ROWS`].
pub(crate) const MOST_ROWS: usize = 12;

/// The largest of [`Simd::PIXELS`].
pub(crate) const MOST_PIXELS: usize = 8;

/// A computation that is generic over the instruction set.
pub(crate) trait Kernel {
    /// Runs with an instruction set. Implementations are `#[inline(always)]`, so that their code is compiled for it.
    fn run<S: Simd>(self, simd: S);
}

/// Proof that the processor has an instruction set, and its operations on vectors of `f32`.
///
/// A value exists only where the instruction set was detected or is part of the compile target, so arithmetic is safe.
#[allow(unsafe_code, reason = "loads and stores take pointers")]
pub(crate) trait Simd: Copy {
    /// A vector of [`Simd::WIDTH`] elements.
    type Vector: Copy;
    /// Elements per vector, at most [`WIDEST`].
    const WIDTH: usize;
    /// Rows of a matrix product computed at once, at most [`MOST_ROWS`]: the sums ([`crate::panels::VECTORS`] vectors
    /// per row) and one vector of every weight fit the registers.
    const ROWS: usize;
    /// Pixels of a depthwise convolution computed at once, at most [`MOST_PIXELS`]; their weights are read once.
    const PIXELS: usize;

    /// Runs the kernel in a function that is compiled for the instruction set.
    fn vectorize(self, kernel: impl Kernel);
    /// Prefetches the cache line at `from`, where the instruction set can. The address need not be valid.
    #[inline(always)]
    fn prefetch(self, from: *const f32) {
        let _ = from;
    }
    /// # Safety
    /// `from` points to [`Simd::WIDTH`] elements, at any alignment.
    unsafe fn load(self, from: *const f32) -> Self::Vector;
    /// # Safety
    /// `to` has room for [`Simd::WIDTH`] elements, at any alignment.
    unsafe fn store(self, vector: Self::Vector, to: *mut f32);
    /// A vector whose elements are all `value`.
    fn splat(self, value: f32) -> Self::Vector;
    /// Sum by element.
    fn add(self, left: Self::Vector, right: Self::Vector) -> Self::Vector;
    /// `left * right + addend`, rounded once (fused) or twice.
    fn mul_add(self, left: Self::Vector, right: Self::Vector, addend: Self::Vector) -> Self::Vector;
    /// Clamps each element to 0..=6; NaN propagates.
    fn relu6(self, vector: Self::Vector) -> Self::Vector;
}
