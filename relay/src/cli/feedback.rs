//! Flags of `feedback`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};

use super::prefix;
use crate::feedback::DeletionCode;

const EXAMPLES: &str = "\
Examples:
  Look at what growers sent:
    mango-relay feedback --feedback /var/lib/mango-relay/feedback list
  Make a folder for review, and open its index.html in a browser:
    mango-relay feedback --feedback /var/lib/mango-relay/feedback export --to review
  Train with what was accepted and corrected (review.json from the browser lies in the folder):
    mango-training train --recipe models/leaf-lite0/recipe.json --feedback review
  Delete a record for a grower who lost the phone but has the code:
    mango-relay feedback --feedback /var/lib/mango-relay/feedback delete --code 2P3TYvZ0mQm1bLJ0a8kzWQ";

/// Flags of `feedback`.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct FeedbackArgs {
    /// The folder that `serve --feedback` fills; it may be in use
    #[arg(long = "feedback", value_name = "FOLDER", default_value = "feedback", global = true)]
    pub folder: PathBuf,

    /// The subcommand.
    #[command(subcommand)]
    pub command: FeedbackCommand,
}

/// The subcommands of `feedback`.
#[derive(Clone, Debug, Subcommand)]
pub enum FeedbackCommand {
    /// Show the records: day, label of the grower, answer of the model
    List(ListFeedbackArgs),
    /// Write the photos into a folder for review and training, one folder for each label
    Export(ExportFeedbackArgs),
    /// Delete records
    Delete(DeleteFeedbackArgs),
}

/// Flags of `feedback list`.
#[derive(Args, Clone, Debug)]
pub struct ListFeedbackArgs {
    /// Print JSON, with the whole ids
    #[arg(long)]
    pub json: bool,
}

/// Flags of `feedback export`.
#[derive(Args, Clone, Debug)]
pub struct ExportFeedbackArgs {
    /// An empty or new folder, or that of an export before: it is brought up to date, and keeps its review.json
    #[arg(long, value_name = "FOLDER")]
    pub to: PathBuf,
}

/// Flags of `feedback delete`.
#[derive(Args, Clone, Debug)]
#[command(group = ArgGroup::new("which").args(["ids", "codes", "all"]).required(true).multiple(true))]
pub struct DeleteFeedbackArgs {
    /// Ids as `list` prints them; the first 8 or more digits are enough
    #[arg(value_name = "ID", value_parser = |text: &str| prefix(text, 32, "a record's id"), conflicts_with = "all")]
    pub ids: Vec<String>,

    /// The deletion code that a grower got; may be given several times
    #[arg(long = "code", value_name = "CODE", allow_hyphen_values = true, conflicts_with = "all")]
    pub(crate) codes: Vec<DeletionCode>,

    /// Delete every record
    #[arg(long)]
    pub all: bool,
}
