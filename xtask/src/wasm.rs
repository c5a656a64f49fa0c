//! `cargo xtask wasm`: the modules, and the two packages around them.

pub(crate) mod bench;
mod budget;
mod glue;
pub(crate) mod module;
mod node_package;
mod phone_package;
mod sections;
mod sizes;
pub(crate) mod tests;
pub(crate) mod tools;

use anyhow::Result;

pub(crate) use phone_package::{FOLDER as PHONE_PACKAGE, SCALAR};

use crate::setup;

/// Builds `wasm/pkg` (npm) and `wasm/pkg-miniprogram`, and prints their sizes. Missing tools are installed.
///
/// # Errors
/// A tool is missing or fails, or a file is larger than its budget.
pub(crate) fn run() -> Result<()> {
    setup::wasm_packages()?;
    let modules = module::build()?;
    node_package::write(&modules)?;
    phone_package::write(&modules)?;
    sizes::check()
}
