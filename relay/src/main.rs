//! The `mango-relay` program: see `mango-relay --help`.

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use clap::Parser;
use mango_relay::cli::{Cli, Command};
use mango_relay::{cert, gallery, predict, probe, serve};
use tracing_subscriber::filter::LevelFilter;

fn main() -> ExitCode {
    let command = Cli::parse().into_command();
    tracing_subscriber::fmt()
        .with_max_level(LevelFilter::INFO)
        .with_target(false)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr)
        .init();
    let done = match command {
        Command::Cert(args) => cert::run(&args),
        Command::Gallery(args) => gallery::run(&args),
        Command::Predict(args) => predict::run(&args),
        Command::Probe(args) => probe::run(&args),
        Command::Serve(args) => serve::run(&args).map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|error| {
        eprintln!("mango-relay: {error:#}");
        ExitCode::FAILURE
    })
}
