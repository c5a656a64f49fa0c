//! The commands of the project: `cargo xtask --help`.

mod bench;
mod fuzz;
mod load;
mod miniprogram;
mod relay;
mod setup;
mod steps;
mod test;
mod wasm;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use miniprogram::RelayAddress;
use steps::Failed;
use test::Which;

/// Mango Scout's commands: preview, checks, benchmarks, load tests, fuzzing.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Xtask {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List and install missing dependencies of the checks
    Setup,
    /// List and install what is missing, then run every check: format, lints, tests, wasm, docs
    Test {
        /// List the steps, and how long each took when it last passed on this machine or usually takes; run none
        #[arg(long, conflicts_with = "only")]
        list: bool,
        /// Run one step; what the steps before it build must be there
        #[arg(long, value_name = "STEP")]
        only: Option<String>,
        /// Install nothing: if something is missing, name it with the command that installs it, and stop before the
        /// first step
        #[arg(long, conflicts_with = "list")]
        no_install: bool,
    },
    /// Build the npm package and the mini-program's module, and print their sizes
    Wasm,
    /// Build the wasm package into the mini-program, which WeChat DevTools can then open
    Miniprogram {
        /// Address of its relay, `https://HOST[:PORT]` with a host name; without one the mini-program works offline until
        /// a user enters an address
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
    /// Test the packages in Chromium, Firefox, WebKitGTK and JavaScriptCore, and print how long each takes
    Engines,
    /// Run the kernels' property tests and the network's parity on 64-bit ARM, emulated
    Arm,
    /// Run the model crate's tests under AddressSanitizer, in a build of its own
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
    /// Load the relay for minutes with valid, faulty, slow and abandoned requests, and check for lost requests and
    /// leaks
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
            // The message about failed checks has a command for each.
            if !error.is::<Failed>() {
                eprintln!("to repeat it: {}", steps::repeat_command());
            }
            ExitCode::FAILURE
        }
    }
}

fn run(action: Action) -> anyhow::Result<()> {
    match action {
        Action::Setup => setup::run(),
        Action::Test { list: true, .. } => test::run(&Which::List, false),
        Action::Test { only, no_install, .. } => test::run(&only.map_or(Which::All, Which::Only), !no_install),
        Action::Wasm => wasm::run(),
        Action::Miniprogram { relay } => miniprogram::run(relay.as_ref()),
        Action::Preview { port, language, no_open } => miniprogram::preview::run(port, &language, !no_open),
        Action::Deploy => test::deploy::run(),
        Action::Engines => test::engines::run(),
        Action::Arm => test::arm::run(),
        Action::Sanitize => test::sanitize::run(),
        Action::Soak { minutes, program } => load::soak::run(minutes, program.as_deref()),
        Action::Fuzz { seconds, targets } => fuzz::run(seconds, &targets),
        Action::Bench { what: None, peers } => bench::run(peers.as_deref()),
        Action::Bench { what: Some(Bench::Kernels), .. } => bench::kernels::run(),
        Action::Bench { what: Some(Bench::Photo { peers }), .. } => bench::photo::run(peers.as_deref()),
        Action::Bench { what: Some(Bench::Wasm { peers }), .. } => bench::wasm::run(peers.as_deref()),
        Action::Bench { what: Some(Bench::Copies { program, photo }), .. } => {
            load::copies::run(program.as_deref(), photo.as_deref())
        }
        Action::Bench { what: Some(Bench::Relay { program }), .. } => load::bench::run(program.as_deref()),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    /// The modules, each after those that it may use.
    const ORDER: [&str; 9] = ["steps", "setup", "relay", "wasm", "miniprogram", "test", "bench", "load", "fuzz"];

    /// Most files in a folder.
    const MOST: usize = 10;

    fn files(folder: &Path) -> Vec<PathBuf> {
        let (mut found, mut here) = (Vec::new(), 0);
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(files(&path));
            } else {
                here += 1;
                found.push(path);
            }
        }
        assert!(here <= MOST, "{} has {here} files; make folders of them", folder.display());
        found
    }

    #[test]
    fn modules_use_only_those_before_them() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        for file in files(&source) {
            let name = file.strip_prefix(&source).unwrap().with_extension("");
            let module = name.iter().next().unwrap().to_string_lossy();
            let Some(place) = ORDER.iter().position(|other| *other == module) else {
                assert_eq!(module, "main", "{} has no place in the order", file.display());
                continue;
            };
            let text = fs::read_to_string(&file).unwrap();
            for later in &ORDER[place + 1..] {
                assert!(!text.contains(&format!("crate::{later}")), "{} uses {later}", file.display());
            }
        }
    }

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        Xtask::command().debug_assert();
        for both in [["--list", "--no-install"], ["--list", "--only=format"]] {
            assert!(Xtask::try_parse_from(["cargo xtask", "test"].into_iter().chain(both)).is_err(), "{both:?}");
        }
    }
}
