//! `cargo xtask preview`: the mini-program in a browser, with its own relay.

use std::process::{Command, Stdio};

use anyhow::Result;

use crate::running::Relay;
use crate::setup;
use crate::steps;
use crate::wasm;

/// Builds wasm, mini-program and relay, and serves them until it is interrupted.
///
/// # Errors
/// Something cannot be built or started.
pub(crate) fn run(port: u16, language: &str, open: bool) -> Result<()> {
    let tests = super::tests::folder();
    setup::npm_packages(&tests)?;
    wasm::run()?;
    super::assemble()?;
    // The build of the tests, so that burn is compiled only once.
    let relay = Relay::start(&super::tests::relay()?, Stdio::inherit())?;
    let mut preview = Command::new("node");
    preview.arg(tests.join("harness/preview.js")).args(["--relay", &relay.address, "--language", language]);
    preview.arg("--ca").arg(&relay.certificate).args(["--port", &port.to_string()]);
    if open {
        preview.arg("--open");
    }
    steps::run(&mut preview)
}
