//! `cargo xtask test`: every check, the quick ones first.

use anyhow::Result;

use crate::deploy;
use crate::endpoints;
use crate::miniprogram;
use crate::photos::Photos;
use crate::setup::{self, ARM, WASM};
use crate::steps::{self, Steps, cargo};
use crate::wasm;

/// The second backend, with which parity tests compare the first one. It is enabled in every step, so that one build
/// serves all.
pub(crate) const REFERENCE: &str = "mango-inference/ndarray";

/// Which steps are run.
#[derive(Clone, Debug)]
pub(crate) enum Which {
    /// Every step.
    All,
    /// None: they are listed.
    List,
    /// The step of this name. What earlier steps build must be there.
    Only(String),
}

/// Runs every check, or those asked for, and prints how long each took.
///
/// # Errors
/// Names the checks that failed.
pub(crate) fn run(which: &Which) -> Result<()> {
    let photos = Photos::find()?;
    let mut steps = steps();
    match which {
        Which::List => {
            steps.list();
            return Ok(());
        }
        Which::Only(name) => steps.keep(name)?,
        Which::All => {}
    }
    let result = steps.run(Some("cargo xtask test --only"));
    eprintln!("{}", photos.line());
    result
}

fn steps() -> Steps {
    let mut steps = Steps::default();
    steps.cargo("format", &["fmt", "--all", "--check"]);
    steps.step("set-up", setup::run);
    deploy::add(&mut steps);
    steps.cargo(
        "lints",
        &["clippy", "--quiet", "--workspace", "--all-targets", "--features", REFERENCE, "--", "--deny", "warnings"],
    );
    steps.cargo(
        "lints, wasm32",
        &["clippy", "--quiet", "--package", "mango-wasm", "--target", WASM, "--", "--deny", "warnings"],
    );
    steps.cargo(
        "lints, 64-bit ARM",
        &["clippy", "--quiet", "--package", "mango-inference", "--target", ARM, "--", "--deny", "warnings"],
    );
    steps.cargo(
        "lints, ndarray alone",
        &[
            "clippy",
            "--quiet",
            "--package",
            "mango-inference",
            "--no-default-features",
            "--features",
            "ndarray",
            "--",
            "--deny",
            "warnings",
        ],
    );
    if has_nextest() {
        steps.cargo("tests", &["nextest", "run", "--workspace", "--features", REFERENCE]);
    } else {
        steps.cargo("tests", &["test", "--workspace", "--all-targets", "--features", REFERENCE]);
    }
    wasm::tests::add(&mut steps);
    miniprogram::tests::add(&mut steps);
    endpoints::add(&mut steps);
    steps.cargo("examples in docs", &["test", "--quiet", "--workspace", "--doc", "--features", REFERENCE]);
    steps.step("docs", || {
        let mut docs = cargo(&["doc", "--quiet", "--workspace", "--no-deps", "--document-private-items"]);
        steps::run(docs.env("RUSTDOCFLAGS", "--deny warnings"))
    });
    steps
}

fn has_nextest() -> bool {
    cargo(&["nextest", "--version"]).output().is_ok_and(|output| output.status.success())
}
