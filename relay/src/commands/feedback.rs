//! `mango-relay feedback`: lists, exports and deletes the photos that growers sent.

mod delete;
mod export;
mod list;

use std::process::ExitCode;

use crate::cli::{FeedbackArgs, FeedbackCommand};

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
