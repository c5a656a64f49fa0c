//! The `mango-relay` program: see `mango-relay --help`.

use std::process::ExitCode;

use clap::Parser;
use mango_relay::cli::{Cli, Command, ServeArgs};
use mango_relay::commands::{cert, config, feedback, gallery, predict, probe};
use mango_relay::monitoring::logging;
use mango_relay::serve;
use mango_relay::settings::{LogLevel, LogSettings, Resolved, Settings};

fn main() -> ExitCode {
    let command = Cli::parse().into_command();
    match &command {
        // Its settings configure the log.
        Command::Serve(_) => {}
        // It loads what `serve` would load, and success needs no log line.
        Command::Config(_) => logging::begin(LogSettings { level: LogLevel::Warn, ..LogSettings::default() }),
        _ => logging::begin(LogSettings::default()),
    }
    let done = match command {
        Command::Cert(args) => cert::run(&args),
        Command::Config(args) => config::run(&args),
        Command::Feedback(args) => feedback::run(&args),
        Command::Gallery(args) => gallery::run(&args),
        Command::Predict(args) => predict::run(&args),
        Command::Probe(args) => probe::run(&args),
        Command::Serve(args) => serve(&args),
    };
    done.unwrap_or_else(|error| {
        eprintln!("mango-relay: {error:#}");
        ExitCode::FAILURE
    })
}

fn serve(args: &ServeArgs) -> anyhow::Result<ExitCode> {
    let Resolved { settings, warnings, .. } = Settings::resolve(args)?;
    logging::begin(settings.log);
    warnings.iter().for_each(|warning| tracing::warn!("{warning}"));
    serve::run(&settings).map(|()| ExitCode::SUCCESS)
}
