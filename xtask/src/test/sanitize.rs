//! `cargo xtask sanitize`: tests of unsafe code under AddressSanitizer.

use anyhow::{Context, Result};

use crate::steps::{self, cargo};
use crate::test::REFERENCE;
use crate::wasm::module::target_folder;

/// Runs the model crate's tests, including those of its kernels, in a build that stops at the first access outside
/// allocated memory. The sanitizer is an unstable feature of the pinned toolchain.
///
/// # Errors
/// A test fails, or this platform has no AddressSanitizer.
pub(crate) fn run() -> Result<()> {
    // A separate folder: everything is compiled with the sanitizer, and other builds are kept.
    let folder = target_folder()?.join("sanitize");
    let mut tests = cargo(&["test", "--package", "mango-inference", "--lib", "--tests", "--target", "host-tuple"]);
    tests
        .args(["--features", REFERENCE])
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Zsanitizer=address")
        .env("CARGO_TARGET_DIR", folder);
    steps::run(&mut tests).context("the tests under AddressSanitizer")
}
