//! `mango-relay cert`: inspects certificate files and servers.

mod check;
mod convert;
mod show;

pub use check::{Target, TargetError};
pub use convert::ConvertError;

use std::io::{self, Write};
use std::process::ExitCode;

use crate::cli::{CertArgs, CertCommand};
use crate::terminal::shown;

/// Runs the chosen subcommand.
///
/// # Errors
/// A file that cannot be used or written.
pub fn run(args: &CertArgs) -> anyhow::Result<ExitCode> {
    match &args.command {
        CertCommand::Check(check) => return check::run(check),
        CertCommand::Convert(convert) => convert::run(convert),
        CertCommand::Show(show) => show::run(show),
    }?;
    Ok(ExitCode::SUCCESS)
}

/// Prints lines on standard output.
fn print(lines: &[String]) -> anyhow::Result<()> {
    shown(writeln!(io::stdout(), "{}", lines.join("\n")))?;
    Ok(())
}
