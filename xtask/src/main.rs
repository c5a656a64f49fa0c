//! The project's own commands. Run `cargo xtask --help`.

mod photos;
mod setup;
mod steps;
mod test;

use clap::{Parser, Subcommand};

/// Mango Scout's own commands: set up a machine, run every check.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Xtask {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Install what the checks need and this machine lacks
    Setup,
    /// Set up, then run every check: format, lints, tests, wasm, docs
    Test,
}

fn main() -> anyhow::Result<()> {
    match Xtask::parse().action {
        Action::Setup => setup::run(),
        Action::Test => test::run(),
    }
}
