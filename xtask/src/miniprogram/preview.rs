//! `cargo xtask preview`: the mini-program in a browser, with its own relay.

use std::process::Command;

use anyhow::Result;
use mango_relay_harness::{Log, Relay, serve};

use crate::relay::{of_checks, users_certificate};
use crate::setup::{self, MINIPROGRAM_TESTS, WASM_PACKAGES};
use crate::steps::{self, Progress, Usual};
use crate::wasm;

/// Builds wasm, mini-program and relay, and serves them until it is interrupted.
///
/// # Errors
/// Something cannot be built or started.
pub(crate) fn run(port: u16, language: &str, open: bool) -> Result<()> {
    setup::ensure(&[&WASM_PACKAGES[..], &[&MINIPROGRAM_TESTS]].concat())?;
    let mut progress = Progress::new("preview", 4);
    progress.step("wasm packages", wasm::USUAL, wasm::run)?;
    progress.step("mini-program, assembled", Usual::SHORT, super::assemble)?;
    // The build of the checks, so that burn is compiled only once.
    let program = progress.step("relay, build of the checks", Usual::minutes(15), of_checks)?;
    let relay = progress.step("relay's start", Usual::SHORT, || Relay::start(serve(&program), Log::Inherited))?;
    let mut preview = Command::new("node");
    preview.arg(super::folder().join("tests/harness/preview.js"));
    preview.args(["--relay", &relay.url(""), "--language", language, "--port", &port.to_string()]);
    preview.arg("--ca").arg(users_certificate()?);
    if open {
        preview.arg("--open");
    }
    steps::run(&mut preview)
}
