//! The tests of the wasm build.

use std::env;
use std::ffi::OsString;

use anyhow::{Context, Result};

use super::node::tests_below;
use crate::setup::{Chromium, WASM_PACK, folder};
use crate::steps::{self, Checks, Usual, root};
use crate::wasm::{self, PROFILE, answers, write_answers};

/// Adds the tests. The native predictions come first, since the other tests compare with them.
pub(super) fn add(checks: &mut Checks) {
    checks.add("native answers", Usual::minutes(1), write_answers);
    checks.add("wasm tests, Node", Usual::minutes(10), || wasm_pack(&["--node"], &["--test", "node"]));
    checks.add("wasm tests, Chromium", Usual::minutes(2), || {
        let browser = Chromium::find()?;
        browser.write_webdriver_json(&root().join("wasm"))?;
        let driver = browser.driver.to_string_lossy().into_owned();
        wasm_pack(&["--headless", "--chrome", "--chromedriver", &driver], &["--test", "chrome"])
    });
    checks.add("wasm test, burn-ndarray", Usual::minutes(5), || {
        wasm_pack(&["--node"], &["--test", "ndarray", "--no-default-features", "--features", "ndarray"])
    });
    checks.add("wasm packages", wasm::USUAL, wasm::run);
    checks.add("tests of the packages", Usual::minutes(2), packed);
}

fn wasm_pack(runner: &[&str], cargo_test: &[&str]) -> Result<()> {
    let mut pack = WASM_PACK.start()?;
    pack.arg("test").args(runner).args(["--mode", "no-install"]).arg(root().join("wasm"));
    pack.args(["--profile", PROFILE]).args(cargo_test);
    pack.env("PATH", path_with_tools()?).env("MANGO_PARITY", answers()?).env("WASM_BINDGEN_TEST_TIMEOUT", "600");
    steps::run(&mut pack).context("wasm-pack's tests")
}

fn packed() -> Result<()> {
    let mut node = tests_below(&[root().join("wasm/tests/packed")])?;
    node.current_dir(root().join("wasm"));
    node.env("MANGO_PARITY", answers()?).env("MANGO_BROWSER", Chromium::find()?.to_json());
    steps::run(&mut node)
}

/// wasm-pack searches PATH for wasm-bindgen.
fn path_with_tools() -> Result<OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder()?.join("bin")).chain(env::split_paths(&path));
    env::join_paths(folders).context("a folder on PATH has a colon in its name")
}
