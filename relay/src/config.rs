//! `mango-relay config`.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::ensure;

use crate::cli::{ConfigArgs, ConfigCommand};
use crate::serve;
use crate::settings::{self, Resolved, Row, Settings};
use crate::terminal::{Align, shown, table};

/// Does what was asked for.
///
/// # Errors
/// Everything that is wrong with the settings.
pub fn run(args: &ConfigArgs) -> anyhow::Result<ExitCode> {
    let ConfigCommand::Check(args) = &args.command;
    let Resolved { settings, rows } = Settings::resolve(&args.serve)?;
    let faults: Vec<String> = serve::check(&settings).iter().map(|fault| format!("{fault:#}")).collect();
    ensure!(faults.is_empty(), "{}", faults.join("\n  "));
    let lines = if args.toml { settings::toml(&rows) } else { table([Align::Left; 3], &cells(&rows)) };
    shown(writeln!(io::stdout(), "{}", lines.join("\n")))?;
    Ok(ExitCode::SUCCESS)
}

fn cells(rows: &[Row]) -> Vec<[String; 3]> {
    let head = ["setting", "value", "from"].map(str::to_owned);
    let rows = settings::in_order(rows).map(|row| [row.name.to_owned(), row.value(), row.origin.to_string()]);
    std::iter::once(head).chain(rows).collect()
}
