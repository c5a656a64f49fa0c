//! The project's own commands. Run `cargo xtask --help`.

mod browser;
mod doors;
mod machine;
mod miniprogram;
mod photos;
mod python;
mod running;
mod setup;
mod steps;
mod test;
mod wasm;

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use miniprogram::RelayAddress;

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
    /// Build the wasm package into the mini-program, which WeChat DevTools can open then
    Miniprogram {
        /// Address of the relay that it asks, with `https` and the host's name; without one it answers on the phone
        /// alone until one is set there
        #[arg(long, value_name = "URL")]
        relay: Option<RelayAddress>,
    },
    /// Show the mini-program in a browser, with the computer's camera or files, against a relay of its own
    Preview {
        /// Port of the page; 0 takes a free one
        #[arg(long, default_value_t = 8090)]
        port: u16,
        /// Language of the phone
        #[arg(long, default_value = "zh_CN", value_parser = ["zh_CN", "en"])]
        language: String,
        /// Do not open the browser
        #[arg(long)]
        no_open: bool,
    },
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
        Action::Miniprogram { relay } => miniprogram::run(relay.as_ref()),
        Action::Preview { port, language, no_open } => miniprogram::preview::run(port, &language, !no_open),
        Action::Bench { what: Bench::Wasm { peers } } => wasm::bench::run(peers.as_deref()),
    }
}
