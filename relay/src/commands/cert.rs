//! `mango-relay cert`: inspects certificate files and servers.

mod check;
mod convert;
mod show;

pub use convert::ConvertError;

use std::process::ExitCode;

use crate::cli::{CertArgs, CertCommand};

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
