//! Vectors of numbers, one kind for each instruction set.

#![allow(unsafe_code, reason = "some of them need an instruction set")]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "aarch64")]
mod neon;
mod portable;
#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
mod simd128;

#[cfg(target_arch = "x86_64")]
pub(super) use avx2::Avx2;
#[cfg(target_arch = "aarch64")]
pub(super) use neon::Neon;
pub(super) use portable::Portable;
#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
pub(super) use simd128::Simd128;

/// As many numbers as one instruction takes.
///
/// # Safety
/// Every function needs the instruction set to be there: only [`super::isa::Isa::run`] picks an implementation, and it
/// has looked. The two that take a pointer need `WIDTH` numbers behind it, at any alignment.
pub(super) trait Lanes: Copy {
    /// How many.
    const WIDTH: usize;

    unsafe fn load(from: *const f32) -> Self;
    unsafe fn store(self, to: *mut f32);
    unsafe fn splat(value: f32) -> Self;
    unsafe fn add(self, other: Self) -> Self;
    /// `self * factor + addend`, rounded once or twice.
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self;
    /// Each number moved to 0 or 6 where it lies outside; NaN stays NaN.
    unsafe fn relu6(self) -> Self;
}
