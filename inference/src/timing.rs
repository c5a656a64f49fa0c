//! A timing table of a photo's steps.
//!
//! If the environment variable `MANGO_TIMING` is set to anything but 0, decoding and prediction print a table of their
//! steps to standard error: milliseconds, GFLOP/s (a multiplication and an addition are two operations) and share of
//! the total. [`record`] joins several calls in one table. Wasm has neither environment variables nor clocks: there
//! [`start`] takes functions to use instead, and only a build with the feature `timing` times at all.

#[cfg(not(any(feature = "timing", not(target_family = "wasm"))))]
mod disabled;
#[cfg(any(feature = "timing", not(target_family = "wasm")))]
mod table;

#[cfg(not(any(feature = "timing", not(target_family = "wasm"))))]
pub(crate) use disabled::{record, step};
#[cfg(any(feature = "timing", not(target_family = "wasm")))]
pub(crate) use table::step;
#[cfg(any(feature = "timing", not(target_family = "wasm")))]
pub use table::{Recording, Timing, record, start};
