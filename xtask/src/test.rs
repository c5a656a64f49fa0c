//! `cargo xtask test`: every check, the quick ones first; and the tests that need other engines and processors.

pub(crate) mod arm;
pub(crate) mod deploy;
mod endpoints;
pub(crate) mod engines;
mod miniprogram;
mod node;
mod photos;
pub(crate) mod sanitize;
mod wasm;

use anyhow::Result;

use crate::relay::REFERENCE;
use crate::setup::{self, ARM, Need, WASM};
use crate::steps::{self, Checks, Usual, cargo, compile, quoted};
use photos::Photos;

/// The name of the check that installs missing dependencies.
const SET_UP: &str = "set-up";

/// Which checks are run.
#[derive(Clone, Debug)]
pub(crate) enum Which {
    /// Every check.
    All,
    /// None: they are listed.
    List,
    /// The check of this name. What the checks before it build must be there.
    Only(String),
}

/// Runs every check, or those asked for, and prints how long each took. Before anything else it lists what it installs;
/// without `install` it stops there if something is missing.
///
/// # Errors
/// Without `install`, a dependency is missing; or checks failed.
pub(crate) fn run(which: &Which, install: bool) -> Result<()> {
    let photos = Photos::find()?;
    let sets_up = match which {
        Which::List => {
            checks(Vec::new()).list();
            return Ok(());
        }
        Which::All => true,
        Which::Only(name) => name == SET_UP,
    };
    let missing = if sets_up || !install { setup::missing(&setup::of_all_checks())? } else { Vec::new() };
    if !install {
        setup::refuse(&missing)?;
    }
    setup::announce(&missing)?;
    let mut checks = checks(missing);
    if let Which::Only(name) = which {
        checks.keep(name)?;
    }
    let result = checks.run(|name| format!("cargo xtask test --only {}", quoted(name)));
    eprintln!("{}", photos.line());
    result
}

/// The checks in order. [`SET_UP`] installs `missing`.
fn checks(missing: Vec<Need>) -> Checks {
    let mut checks = Checks::new("test");
    checks.add("format", Usual::SHORT, || steps::run(&mut cargo(&["fmt", "--all", "--check"])));
    checks.add(SET_UP, Usual::SHORT, move || setup::install(&missing));
    deploy::add(&mut checks);
    checks.add("lints", Usual::minutes(10), || lint(&["--workspace", "--all-targets", "--features", REFERENCE]));
    checks.add("lints, wasm32", Usual::minutes(5), || lint(&["--package", "mango-wasm", "--target", WASM]));
    checks.add("lints, 64-bit ARM", Usual::minutes(5), || lint(&["--package", "mango-inference", "--target", ARM]));
    checks.add("lints, ndarray alone", Usual::minutes(5), || {
        lint(&["--package", "mango-inference", "--no-default-features", "--features", "ndarray"])
    });
    checks.add("tests", Usual::minutes(20), tests);
    arm::add(&mut checks);
    wasm::add(&mut checks);
    miniprogram::add(&mut checks);
    engines::add(&mut checks);
    endpoints::add(&mut checks);
    checks.add("examples in docs", Usual::minutes(5), || {
        steps::run(&mut compile("test", &["--workspace", "--doc", "--features", REFERENCE]))
    });
    checks.add("docs", Usual::minutes(2), || {
        let mut docs = compile("doc", &["--workspace", "--no-deps", "--document-private-items"]);
        steps::run(docs.env("RUSTDOCFLAGS", "--deny warnings"))
    });
    checks
}

/// Runs clippy; a warning is an error.
fn lint(what: &[&str]) -> Result<()> {
    steps::run(compile("clippy", what).args(["--", "--deny", "warnings"]))
}

/// Runs the workspace's tests, with nextest if it is installed.
fn tests() -> Result<()> {
    let has_nextest = cargo(&["nextest", "--version"]).output().is_ok_and(|output| output.status.success());
    let runner: &[&str] = if has_nextest { &["nextest", "run"] } else { &["test", "--all-targets"] };
    steps::run(cargo(runner).args(["--workspace", "--features", REFERENCE]))
}
