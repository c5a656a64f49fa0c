//! `cargo xtask sanitize`: what is unsafe, under AddressSanitizer.

use anyhow::{Context, Result};

use crate::steps::{self, cargo};
use crate::test::REFERENCE;
use crate::wasm::module::target_folder;

/// Runs the model crate's tests, those of its kernels among them, in a build that stops at the first access outside
/// what was asked for. The sanitizer comes with the pinned toolchain, behind its switch for features that are not stable.
///
/// # Errors
/// A test fails, or this platform has no AddressSanitizer.
pub(crate) fn run() -> Result<()> {
    // A folder of its own: everything is compiled anew with the sanitizer, and the other builds stay.
    let folder = target_folder()?.join("sanitize");
    let mut tests = cargo(&["test", "--package", "mango-inference", "--lib", "--tests", "--target", "host-tuple"]);
    tests
        .args(["--features", REFERENCE])
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Zsanitizer=address")
        .env("CARGO_TARGET_DIR", folder);
    steps::run(&mut tests).context("the tests under AddressSanitizer")
}
