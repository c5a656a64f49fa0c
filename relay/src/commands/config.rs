//! `mango-relay config`.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::cli::{ConfigArgs, ConfigCommand};
use crate::output::terminal::{Align, shown, table};
use crate::serve;
use crate::settings::Settings;

/// Runs the chosen subcommand.
///
/// # Errors
/// All errors in the settings.
pub fn run(args: &ConfigArgs) -> anyhow::Result<ExitCode> {
    let ConfigCommand::Check(args) = &args.command;
    let resolved = Settings::resolve(&args.serve)?;
    resolved.warnings.iter().for_each(|warning| tracing::warn!("{warning}"));
    serve::check(&resolved.settings)?;
    let text =
        if args.toml { resolved.to_toml() } else { table([Align::Left; 3], &resolved.cells()).join("\n") + "\n" };
    shown(write!(io::stdout(), "{text}"))?;
    Ok(ExitCode::SUCCESS)
}
