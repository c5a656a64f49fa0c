//! Portable code for any processor; the compiler vectorises it where it can.

#![allow(unsafe_code, reason = "the trait's functions are unsafe, since other implementations need an instruction set")]

use super::{Kernel, SimdVector};

#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Portable([f32; 4]);

impl SimdVector for Portable {
    const WIDTH: usize = 4;
    const ROWS: usize = 4;
    const PIXELS: usize = 4;

    #[inline(never)]
    unsafe fn run<K: Kernel>(kernel: K) {
        // SAFETY: by this function's contract.
        unsafe { kernel.run::<Self>() }
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: the caller guarantees 4 elements at `from`.
        Self(unsafe { from.cast::<[f32; 4]>().read_unaligned() })
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: the caller guarantees room for 4 elements at `to`.
        unsafe { to.cast::<[f32; 4]>().write_unaligned(self.0) }
    }

    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        Self([value; 4])
    }

    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] + other.0[lane]))
    }

    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] * factor.0[lane] + addend.0[lane]))
    }

    #[inline(always)]
    unsafe fn relu6(self) -> Self {
        Self(self.0.map(|value| value.clamp(0.0, 6.0)))
    }
}
