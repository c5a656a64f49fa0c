//! Vectors of numbers, one kind for each instruction set.

#![allow(unsafe_code, reason = "some of them need an instruction set")]

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

/// Numbers in the widest vector.
pub(super) const WIDEST: usize = 16;

/// The largest of [`Lanes::ROWS`].
pub(super) const MOST_ROWS: usize = 12;

/// The largest of [`Lanes::PIXELS`].
pub(super) const MOST_PIXELS: usize = 8;

/// Something to compute with whatever vectors there are.
pub(super) trait Kernel {
    /// # Safety
    /// The instruction set of `L` must be there.
    unsafe fn run<L: Lanes>(self);
}

/// As many numbers as one instruction takes.
///
/// # Safety
/// Every unsafe function needs the instruction set to be there: only [`super::isa::Isa::run`] picks an implementation, and it
/// has looked. The two that take a pointer need `WIDTH` numbers behind it, at any alignment.
pub(super) trait Lanes: Copy {
    /// How many, at most [`WIDEST`].
    const WIDTH: usize;
    /// Rows of a matrix product computed at once, at most [`MOST_ROWS`]: with [`super::panels::VECTORS`] vectors each,
    /// and one of every weight, they fit the registers.
    const ROWS: usize;
    /// Pixels of a depthwise convolution computed at once, at most [`MOST_PIXELS`]; what they share is read once.
    const PIXELS: usize;

    /// Computes it, in a function of its own that is compiled for the instruction set.
    unsafe fn run<K: Kernel>(kernel: K);
    /// Asks for what lies there, where a processor can be asked. It may lie nowhere.
    #[inline(always)]
    fn prefetch(from: *const f32) {
        let _ = from;
    }
    unsafe fn load(from: *const f32) -> Self;
    unsafe fn store(self, to: *mut f32);
    unsafe fn splat(value: f32) -> Self;
    unsafe fn add(self, other: Self) -> Self;
    /// `self * factor + addend`, rounded once or twice.
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self;
    /// Each number moved to 0 or 6 where it lies outside; NaN stays NaN.
    unsafe fn relu6(self) -> Self;
}
