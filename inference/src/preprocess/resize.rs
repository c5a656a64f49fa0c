//! Cropping and resizing with a triangle filter.

#[cfg(any(test, all(target_family = "wasm", not(target_feature = "simd128"))))]
mod portable;
#[cfg(not(all(target_family = "wasm", not(target_feature = "simd128"))))]
mod simd;

#[cfg(all(target_family = "wasm", not(target_feature = "simd128")))]
pub(super) use portable::resize;
#[cfg(not(all(target_family = "wasm", not(target_feature = "simd128"))))]
pub(super) use simd::resize;
