//! SIMD vectors, one type per instruction set.

#![allow(unsafe_code, reason = "most of these operations require an instruction set")]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(not(any(target_arch = "aarch64", all(target_family = "wasm", target_feature = "simd128"))))]
mod portable;
#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
mod simd128;

#[cfg(target_arch = "x86_64")]
pub(super) use avx2::Avx2;
#[cfg(target_arch = "x86_64")]
pub(super) use avx512::Avx512;
#[cfg(target_arch = "aarch64")]
pub(super) use neon::Neon as Base;
#[cfg(not(any(target_arch = "aarch64", all(target_family = "wasm", target_feature = "simd128"))))]
pub(super) use portable::Portable as Base;
#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
pub(super) use simd128::Simd128 as Base;

/// Elements of the widest vector.
pub(super) const WIDEST: usize = 16;

/// The largest of [`SimdVector::ROWS`].
pub(super) const MOST_ROWS: usize = 12;

/// The largest of [`SimdVector::PIXELS`].
pub(super) const MOST_PIXELS: usize = 8;

/// A computation that is generic over the SIMD vector.
pub(super) trait Kernel {
    /// # Safety
    /// The processor must have the instruction set of `L`.
    unsafe fn run<L: SimdVector>(self);
}

/// A SIMD vector of `f32`.
///
/// # Safety
/// Every unsafe function requires that the processor has the instruction set: only [`super::isa::Isa::run`] selects an
/// implementation, after detection. `load` and `store` require `WIDTH` valid elements at the pointer, at any alignment.
pub(super) trait SimdVector: Copy {
    /// Elements per vector, at most [`WIDEST`].
    const WIDTH: usize;
    /// Rows of a matrix product computed at once, at most [`MOST_ROWS`]: the sums ([`super::panels::VECTORS`] vectors
    /// per row) and one vector of every weight fit the registers.
    const ROWS: usize;
    /// Pixels of a depthwise convolution computed at once, at most [`MOST_PIXELS`]; their weights are read once.
    const PIXELS: usize;

    /// Runs the kernel in a function that is compiled for the instruction set.
    unsafe fn run<K: Kernel>(kernel: K);
    /// Prefetches the cache line at `from`, where the instruction set can. The address need not be valid.
    #[inline(always)]
    fn prefetch(from: *const f32) {
        let _ = from;
    }
    unsafe fn load(from: *const f32) -> Self;
    unsafe fn store(self, to: *mut f32);
    unsafe fn splat(value: f32) -> Self;
    unsafe fn add(self, other: Self) -> Self;
    /// `self * factor + addend`, rounded once (fused) or twice.
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self;
    /// Clamps each element to 0..=6; NaN propagates.
    unsafe fn relu6(self) -> Self;
}
