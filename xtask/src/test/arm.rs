//! `cargo xtask arm`: the model crate on 64-bit ARM, emulated.

use std::process::Command;

use anyhow::{Context, Result};

use crate::relay::REFERENCE;
use crate::setup::{self, ARM, ARM_LINKER, ARM_TARGET, QEMU};
use crate::steps::{self, Checks, Progress, Usual, compile};
use crate::wasm::{answers, write_answers};

/// The tests: step, cargo's arguments, the test program's arguments.
const TESTS: [(&str, &[&str], &[&str]); 3] = [
    ("kernels on ARM", &["--package", "mango-kernels", "--tests"], &[]),
    (
        "both backends on ARM",
        &["--package", "mango-inference", "--features", REFERENCE, "--test", "backends_agree"],
        &[],
    ),
    (
        "this machine's answers on ARM",
        &["--package", "mango-wasm", "--features", REFERENCE, "--test", "other_machine"],
        &["--include-ignored"],
    ),
];

/// The folder of the linker's C library for ARM.
const SYSTEM: &str = "/usr/aarch64-linux-gnu";

/// Runs the kernels' property tests with NEON, and compares the network's outputs with this machine's and
/// burn-ndarray's.
///
/// # Errors
/// Something cannot be installed or built, or a test fails.
pub(crate) fn run() -> Result<()> {
    setup::ensure(&[&ARM_TARGET, &QEMU, &ARM_LINKER])?;
    let mut progress = Progress::new("arm", 1 + TESTS.len());
    progress.step("native answers", Usual::minutes(10), write_answers)?;
    for (step, what, harness) in TESTS {
        progress.step(step, Usual::minutes(15), || cross(what, harness))?;
    }
    Ok(())
}

/// Adds the tests of the kernels to the checks. The other tests build burn for ARM, which takes minutes.
pub(super) fn add(checks: &mut Checks) {
    let (name, what, harness) = TESTS[0];
    checks.add(name, Usual::minutes(1), move || cross(what, harness));
}

/// Builds tests for ARM and runs them.
fn cross(what: &[&str], harness: &[&str]) -> Result<()> {
    let mut test: Command = compile("test", &["--target", ARM]);
    test.args(what).arg("--").arg("--nocapture").args(harness);
    test.env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", "aarch64-linux-gnu-gcc")
        .env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER", format!("qemu-aarch64 -L {SYSTEM}"))
        .env("MANGO_PARITY", answers()?);
    steps::run(&mut test).context("on emulated 64-bit ARM")
}
