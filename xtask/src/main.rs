//! The project's own commands. Run `cargo xtask --help`.

mod browser;
mod photos;
mod setup;
mod steps;
mod test;
mod wasm;

use std::path::PathBuf;

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
    /// Build the npm package and the mini-program's module, and print what they weigh
    Wasm,
    /// Time what ships
    Bench {
        #[command(subcommand)]
        what: Bench,
    },
}

#[derive(Debug, Subcommand)]
enum Bench {
    /// The packed module in Node: start, first and later predictions, memory
    Wasm {
        /// A folder with the peers' scripts and what they need installed; timed in turn with ours
        #[arg(long)]
        peers: Option<PathBuf>,
    },
}

fn main() -> anyhow::Result<()> {
    match Xtask::parse().action {
        Action::Setup => setup::run(),
        Action::Test => test::run(),
        Action::Wasm => wasm::run(),
        Action::Bench { what: Bench::Wasm { peers } } => wasm::bench::run(peers.as_deref()),
    }
}
