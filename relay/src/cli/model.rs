//! Flags that choose the model.

use std::path::PathBuf;

use clap::Args;

/// Which model answers.
#[derive(Args, Clone, Debug, Default)]
pub struct ModelArgs {
    /// Folder of the model to use instead of the built-in one
    #[arg(long, value_name = "DIR")]
    pub model: Option<PathBuf>,

    /// Leave out the pests that the built-in model knows from few photos
    #[arg(long, conflicts_with = "model")]
    pub no_pests: bool,
}
