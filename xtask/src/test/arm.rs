//! `cargo xtask arm`: the model crate on 64-bit ARM, emulated.

use std::process::Command;

use anyhow::{Context, Result};

use crate::machine::{install_from_debian, on_path};
use crate::setup::{self, ARM};
use crate::steps::{self, cargo};
use crate::test::REFERENCE;
use crate::wasm::tests::{answers, write_answers};

/// Debian's emulator, and its linker for ARM, which brings the C library that programs need there.
const TOOLS: [(&str, &str); 2] = [("qemu-aarch64", "qemu-user"), ("aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu")];

/// Where that C library is.
const SYSTEM: &str = "/usr/aarch64-linux-gnu";

/// Runs the kernels' property tests with NEON, and holds the network's numbers to this machine's and to burn-ndarray's.
///
/// # Errors
/// Something cannot be installed or built, or a test fails.
pub(crate) fn run() -> Result<()> {
    install()?;
    write_answers()?;
    tests()
}

/// Installs the emulator, the linker and the target, where they are missing.
///
/// # Errors
/// One is missing and cannot be installed.
fn install() -> Result<()> {
    setup::rust_target(ARM)?;
    for (program, package) in TOOLS {
        if on_path(program).is_none() {
            install_from_debian(&[package])?;
        }
        on_path(program).with_context(|| format!("the program {program} is needed; install {package}"))?;
    }
    Ok(())
}

fn tests() -> Result<()> {
    cross(&["--package", "mango-inference", "--lib", "kernels"], &[])?;
    cross(&["--package", "mango-inference", "--test", "backends_agree"], &[])?;
    cross(&["--package", "mango-wasm", "--test", "other_machine"], &["--include-ignored"])
}

/// Builds tests for ARM and runs them.
fn cross(what: &[&str], harness: &[&str]) -> Result<()> {
    let mut test: Command = cargo(&["test", "--quiet", "--target", ARM, "--features", REFERENCE]);
    test.args(what).arg("--").arg("--nocapture").args(harness);
    test.env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", "aarch64-linux-gnu-gcc")
        .env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER", format!("qemu-aarch64 -L {SYSTEM}"))
        .env("MANGO_PARITY", answers()?);
    steps::run(&mut test).with_context(|| format!("{} on 64-bit ARM", what.join(" ")))
}
