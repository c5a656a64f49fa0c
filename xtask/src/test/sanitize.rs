//! `cargo xtask sanitize`: tests of unsafe code under AddressSanitizer.

use anyhow::Result;

use crate::relay::REFERENCE;
use crate::steps::{self, Progress, Usual, compile, target_folder};

/// Runs the tests of the model crate and of its kernels in a build that stops at the first access outside
/// allocated memory. The sanitizer is an unstable feature of the pinned toolchain.
///
/// # Errors
/// A test fails, or this platform has no AddressSanitizer.
pub(crate) fn run() -> Result<()> {
    // A separate folder: everything is compiled with the sanitizer, and other builds are kept.
    let folder = target_folder()?.join("sanitize");
    let what = ["--package", "mango-inference", "--package", "mango-kernels", "--lib", "--tests"];
    let mut tests = compile("test", &what);
    tests
        .args(["--target", "host-tuple", "--features", REFERENCE])
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Zsanitizer=address")
        .env("CARGO_TARGET_DIR", folder);
    Progress::new("sanitize", 1).step("tests under AddressSanitizer", Usual::minutes(30), || steps::run(&mut tests))
}
