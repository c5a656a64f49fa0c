//! The project's own commands. Run `cargo xtask --help`.

mod bench;
mod browser;
mod deploy;
mod endpoints;
mod fuzz;
mod leaf;
mod machine;
mod miniprogram;
mod photos;
mod python;
mod relay;
mod running;
mod sanitize;
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
    /// Check the files of relay/deploy
    Deploy,
    /// Run the model crate's tests under AddressSanitizer, which compiles everything anew
    Sanitize,
    /// Time what ships: without a subcommand the networks, natively and in Node, in about a minute
    #[command(args_conflicts_with_subcommands = true)]
    Bench {
        #[command(subcommand)]
        what: Option<Bench>,
        /// A folder with other engines' scripts and what they need installed, timed in turn with ours. The scripts are
        /// `ort_native.py` (run by the folder's `venv/bin/python`, or one from the search path) and `tfjs_wasm.cjs`;
        /// each takes a network's name (`lite0`, `lite0-stage5`) and prints `median X ms`
        #[arg(long, value_name = "FOLDER")]
        peers: Option<PathBuf>,
    },
    /// Load the relay with everything at once for a long time, and check that nothing is lost and no memory with it
    Soak {
        /// Minutes of load
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
        minutes: u32,
        /// The relay, in place of the release build
        #[arg(long, value_name = "PROGRAM")]
        program: Option<PathBuf>,
    },
    /// Look for bytes that do harm: at every door through which hostile ones come in, or at those that are named
    Fuzz {
        /// Seconds for each target; as many run at once as there are processors
        #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..))]
        seconds: u32,
        /// The targets, in place of all of fuzz/fuzz_targets
        #[arg(value_name = "TARGET")]
        targets: Vec<String>,
    },
}

#[derive(Debug, Subcommand)]
enum Bench {
    /// Each kernel of the network, and which part of the processor's speed it reaches
    Kernels,
    /// From a photo's bytes to the prediction, for JPEGs from 0.08 to 48 megapixels, natively and in Node
    Photo {
        /// A folder with `photo_to_answer.py` and what it needs, timed in turn with ours
        #[arg(long, value_name = "FOLDER")]
        peers: Option<PathBuf>,
    },
    /// The packed module in Node: start, first and later predictions, memory
    Wasm {
        /// A folder with `tfjs_wasm.cjs` and what it needs installed, timed in turn with ours
        #[arg(long, value_name = "FOLDER")]
        peers: Option<PathBuf>,
    },
    /// One relay of one worker behind nginx, then two: photos a second, and what each takes of the processors
    Copies {
        /// The relay, in place of the release build
        #[arg(long, value_name = "PROGRAM")]
        program: Option<PathBuf>,
        /// The photo that is sent, in place of a drawn one of 640 x 480
        #[arg(long, value_name = "FILE")]
        photo: Option<PathBuf>,
    },
    /// The relay under load and overload: answered and refused, their times, memory
    Relay {
        /// The relay, in place of the release build
        #[arg(long, value_name = "PROGRAM")]
        program: Option<PathBuf>,
    },
}

fn main() -> anyhow::Result<()> {
    match Xtask::parse().action {
        Action::Setup => setup::run(),
        Action::Test => test::run(),
        Action::Wasm => wasm::run(),
        Action::Miniprogram { relay } => miniprogram::run(relay.as_ref()),
        Action::Preview { port, language, no_open } => miniprogram::preview::run(port, &language, !no_open),
        Action::Deploy => deploy::run(),
        Action::Sanitize => sanitize::run(),
        Action::Soak { minutes, program } => relay::soak::run(minutes, program.as_deref()),
        Action::Fuzz { seconds, targets } => fuzz::run(seconds, &targets),
        Action::Bench { what: None, peers } => bench::run(peers.as_deref()),
        Action::Bench { what: Some(Bench::Kernels), .. } => bench::kernels::run(),
        Action::Bench { what: Some(Bench::Photo { peers }), .. } => bench::photo::run(peers.as_deref()),
        Action::Bench { what: Some(Bench::Wasm { peers }), .. } => wasm::bench::run(peers.as_deref()),
        Action::Bench { what: Some(Bench::Copies { program, photo }), .. } => {
            deploy::copies::run(program.as_deref(), photo.as_deref())
        }
        Action::Bench { what: Some(Bench::Relay { program }), .. } => relay::bench::run(program.as_deref()),
    }
}
