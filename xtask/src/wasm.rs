//! `cargo xtask wasm`: the modules, and the two packages around them.

mod answers;
mod budget;
mod glue;
mod module;
mod node_package;
mod phone_package;
mod sections;
mod sizes;

use anyhow::Result;

pub(crate) use answers::{answers, write_answers};
pub(crate) use module::{PROFILE, for_benchmarks};
pub(crate) use phone_package::{FOLDER as PHONE_PACKAGE, SCALAR};

use crate::setup::{self, WASM_PACKAGES};
use crate::steps::{Progress, Usual};

/// How long [`run`] takes the first time.
pub(crate) const USUAL: Usual = Usual::minutes(20);

/// Builds `wasm/pkg` (npm) and `wasm/pkg-miniprogram`, and prints their sizes. Missing tools are installed.
///
/// # Errors
/// A tool is missing or fails, or a file is larger than its budget.
pub(crate) fn run() -> Result<()> {
    setup::ensure(&WASM_PACKAGES)?;
    let mut progress = Progress::new("wasm packages", module::STEPS + 2);
    let modules = module::build(&mut progress)?;
    progress.step("npm package", Usual::SHORT, || node_package::write(&modules))?;
    progress.step("mini-program's package", Usual::seconds(15), || phone_package::write(&modules))?;
    sizes::check()
}
