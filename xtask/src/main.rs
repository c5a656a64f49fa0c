//! The project's own commands. Run `cargo xtask --help`.

mod arm;
mod bench;
mod browser;
mod deploy;
mod endpoints;
mod engines;
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
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use miniprogram::RelayAddress;
use test::Which;

/// Mango Scout's own commands: set up a machine, run every check.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Xtask {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Install missing dependencies of the checks
    Setup,
    /// Set up, then run every check: format, lints, tests, wasm, docs
    Test {
        /// List the steps, and how long each took when it last passed on this machine; run none
        #[arg(long, conflicts_with = "only")]
        list: bool,
        /// Run one step; what the steps before it build must be there
        #[arg(long, value_name = "STEP")]
        only: Option<String>,
    },
    /// Build the npm package and the mini-program's module, and print what they weigh
    Wasm,
    /// Build the wasm package into the mini-program, which WeChat DevTools can then open
    Miniprogram {
        /// Address of its relay, with `https` and the host's name; without one it works offline until an address is set
        /// there
        #[arg(long, value_name = "URL")]
        relay: Option<RelayAddress>,
    },
    /// Show the mini-program in a browser, with the computer's camera or files, and its own relay
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
    /// Run the packages in Chromium, Firefox, WebKitGTK and JavaScriptCore, and print how long each takes
    Engines,
    /// Run the kernels' property tests and the network's parity on 64-bit ARM, emulated
    Arm,
    /// Run the model crate's tests under AddressSanitizer, which compiles everything anew
    Sanitize,
    /// Time the shipped models: without a subcommand the networks, natively and in Node, in about a minute
    #[command(args_conflicts_with_subcommands = true)]
    Bench {
        #[command(subcommand)]
        what: Option<Bench>,
        /// A folder with baseline scripts of other engines and their dependencies, timed in turn with ours. The scripts
        /// are `ort_native.py` (run by the folder's `venv/bin/python`, or one from the search path) and
        /// `tfjs_wasm.cjs`; each takes a network's name (`lite0`, `lite0-stage5`) and prints `median X ms`
        #[arg(long, value_name = "FOLDER")]
        peers: Option<PathBuf>,
    },
    /// Load the relay with all kinds of requests for a long time, and check for lost requests and memory leaks
    Soak {
        /// Minutes of load
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
        minutes: u32,
        /// The relay's program; default: the release build
        #[arg(long, value_name = "PROGRAM")]
        program: Option<PathBuf>,
    },
    /// Fuzz every parser of untrusted bytes, or the named targets
    Fuzz {
        /// Seconds for each target; as many run at once as there are processors
        #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..))]
        seconds: u32,
        /// The targets; default: all of fuzz/fuzz_targets
        #[arg(value_name = "TARGET")]
        targets: Vec<String>,
    },
}

#[derive(Debug, Subcommand)]
enum Bench {
    /// The speed of each kernel of the network, and its share of the processor's peak
    Kernels,
    /// From a photo's bytes to the prediction, for JPEGs from 0.08 to 48 megapixels, natively and in Node
    Photo {
        /// A folder with the baseline script `photo_to_answer.py` and its dependencies, timed in turn with ours
        #[arg(long, value_name = "FOLDER")]
        peers: Option<PathBuf>,
    },
    /// The packaged module in Node: start, first and later predictions, memory
    Wasm {
        /// A folder with the baseline script `tfjs_wasm.cjs` and its dependencies, timed in turn with ours
        #[arg(long, value_name = "FOLDER")]
        peers: Option<PathBuf>,
    },
    /// Scaling: one relay with one worker behind nginx, then two: photos a second, and the processor time of each
    Copies {
        /// The relay's program; default: the release build
        #[arg(long, value_name = "PROGRAM")]
        program: Option<PathBuf>,
        /// The photo to send, in place of a drawn one of 640 x 480
        #[arg(long, value_name = "FILE")]
        photo: Option<PathBuf>,
    },
    /// The relay under load and overload: answered and refused requests, latencies, memory
    Relay {
        /// The relay's program; default: the release build
        #[arg(long, value_name = "PROGRAM")]
        program: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    match run(Xtask::parse().action) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(action: Action) -> anyhow::Result<()> {
    match action {
        Action::Setup => setup::run(),
        Action::Test { list: true, .. } => test::run(&Which::List),
        Action::Test { only, .. } => test::run(&only.map_or(Which::All, Which::Only)),
        Action::Wasm => wasm::run(),
        Action::Miniprogram { relay } => miniprogram::run(relay.as_ref()),
        Action::Preview { port, language, no_open } => miniprogram::preview::run(port, &language, !no_open),
        Action::Deploy => deploy::run(),
        Action::Engines => engines::run(),
        Action::Arm => arm::run(),
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
