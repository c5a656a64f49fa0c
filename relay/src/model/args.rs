//! Flags that choose the model.

use std::path::PathBuf;

use clap::Args;

/// The model to use.
#[derive(Args, Clone, Debug, Default)]
pub struct ModelArgs {
    /// Folder of the model to use instead of the built-in one
    #[arg(long, value_name = "DIR")]
    pub model: Option<PathBuf>,

    /// Leave out the built-in few-photo pest classes
    #[arg(long, conflicts_with = "model")]
    pub no_pests: bool,
}
