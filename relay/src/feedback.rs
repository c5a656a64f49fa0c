//! Photos that growers send with the class that they know them to be, kept only if the operator chooses a folder
//! (`--feedback`).
//!
//! A [`Store`] keeps each photo with its facts in one file, which a grower deletes by a code and which expires.
//! `mango-relay feedback` lists, exports and deletes the records of a folder.

mod code;
mod day;
mod delete;
mod expiry;
mod export;
mod facts;
mod folder;
mod index;
mod list;
mod picture;
mod record;
mod share;
mod store;

pub use day::Day;
pub use facts::{Facts, FactsError, Field, MAX_TEXT, UNKNOWN};
pub use record::RecordId;
pub use store::{KeepError, Kept, Store, StoreError};

pub(crate) use code::{CodeError, DeletionCode};
pub(crate) use expiry::watch;
pub(crate) use picture::kept_picture;
pub(crate) use store::check;

use std::io::{self, Write};
use std::process::ExitCode;

use crate::cli::{FeedbackArgs, FeedbackCommand};
use crate::terminal::shown;

/// Runs the chosen subcommand on a folder of feedback.
///
/// # Errors
/// The folder or a record cannot be read, or the output cannot be written.
pub fn run(args: &FeedbackArgs) -> anyhow::Result<ExitCode> {
    let folder = args.folder.as_path();
    match &args.command {
        FeedbackCommand::List(list) => list::run(list, folder),
        FeedbackCommand::Export(export) => export::run(export, folder),
        FeedbackCommand::Delete(delete) => delete::run(delete, folder),
    }?;
    Ok(ExitCode::SUCCESS)
}

/// Prints lines on standard output.
fn print(lines: &[String]) -> anyhow::Result<()> {
    shown(writeln!(io::stdout(), "{}", lines.join("\n")))?;
    Ok(())
}
