//! Flags of `gallery`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};
use mango_inference::ClassId;

use super::prefix;
use crate::model::ModelArgs;

const EXAMPLES: &str = "\
Examples:
  Add a class from a few photos, and compare the other classes before and after:
    mango-relay gallery add --class thrips --label 蓟马 thrips/*.jpg
  Answer with it:
    mango-relay predict --gallery orchard.gallery leaf.jpg
    mango-relay --gallery orchard.gallery
  Look for photos under the wrong class, and take one out:
    mango-relay gallery evaluate
    mango-relay gallery remove --key 3fa9c2d1e0b4
  After a change of the model:
    mango-relay gallery rebuild photos/";

/// Flags of `gallery`.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct GalleryArgs {
    /// The gallery's file
    #[arg(long = "gallery", value_name = "FILE", default_value = "orchard.gallery", global = true)]
    pub file: PathBuf,

    /// Folder of the model to use instead of the built-in one
    #[arg(long, value_name = "DIR", global = true)]
    model: Option<PathBuf>,

    /// Leave out the built-in few-photo pest classes
    #[arg(long, global = true, conflicts_with = "model")]
    no_pests: bool,

    /// The subcommand.
    #[command(subcommand)]
    pub command: GalleryCommand,
}

impl GalleryArgs {
    /// The model that embeds the photos.
    #[must_use]
    pub fn model(&self) -> ModelArgs {
        ModelArgs { model: self.model.clone(), no_pests: self.no_pests }
    }
}

/// The subcommands of `gallery`.
#[derive(Clone, Debug, Subcommand)]
pub enum GalleryCommand {
    /// Show the classes, their photos and the size
    List(ListArgs),
    /// Add photos of a class; creates the file if it does not exist
    Add(AddArgs),
    /// Remove a class, or photos
    Remove(RemoveArgs),
    /// Give a class another id or label
    Rename(RenameArgs),
    /// Leave-one-out test: classify each photo with all others, and list the wrong ones
    Evaluate(EvaluateArgs),
    /// Rebuild the gallery for the current model from its photos
    Rebuild(RebuildArgs),
}

/// Flags of `gallery list`.
#[derive(Args, Clone, Debug)]
pub struct ListArgs {
    /// Print JSON, with the keys of all photos
    #[arg(long)]
    pub json: bool,
}

/// Flags of `gallery add`.
#[derive(Args, Clone, Debug)]
pub struct AddArgs {
    /// Class of the photos: an id of the catalog, or a new one of a-z, 0-9 and _
    #[arg(long, value_name = "ID", value_parser = class)]
    pub class: ClassId,

    /// Label of a class that the catalog does not have, at most 40 characters
    #[arg(long, value_name = "TEXT")]
    pub label: Option<String>,

    /// Skip the leave-one-out test before and after
    #[arg(long)]
    pub no_evaluate: bool,

    /// JPEG, PNG or WebP files
    #[arg(value_name = "PHOTO", required = true)]
    pub photos: Vec<PathBuf>,
}

/// Flags of `gallery remove`.
#[derive(Args, Clone, Debug)]
#[command(group = ArgGroup::new("what").args(["class", "keys", "photos"]).required(true))]
pub struct RemoveArgs {
    /// Remove this class with all its photos
    #[arg(long, value_name = "ID", value_parser = class)]
    pub class: Option<ClassId>,

    /// Remove the photos with these keys, as `list --json` and `evaluate` print them; a prefix of at least 8 digits is
    /// enough
    #[arg(long = "key", value_name = "HEX", num_args = 1.., value_parser = |text: &str| prefix(text, 64, "a photo's key"))]
    pub keys: Vec<String>,

    /// Remove these photos, matched by the bytes of their files
    #[arg(value_name = "PHOTO")]
    pub photos: Vec<PathBuf>,
}

/// Flags of `gallery rename`.
#[derive(Args, Clone, Debug)]
#[command(group = ArgGroup::new("what").args(["new", "label"]).required(true).multiple(true))]
pub struct RenameArgs {
    /// The class
    #[arg(value_name = "OLD", value_parser = class)]
    pub old: ClassId,

    /// The new id; the gallery must not have it yet
    #[arg(value_name = "NEW", value_parser = class)]
    pub new: Option<ClassId>,

    /// Label of a class that the catalog does not have; "" removes the label
    #[arg(long, value_name = "TEXT")]
    pub label: Option<String>,
}

/// Flags of `gallery evaluate`.
#[derive(Args, Clone, Debug)]
pub struct EvaluateArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Flags of `gallery rebuild`.
#[derive(Args, Clone, Debug)]
pub struct RebuildArgs {
    /// Drop photos of the gallery that are not found; without this flag the gallery is then left unchanged
    #[arg(long)]
    pub drop_missing: bool,

    /// Photos, and folders to search recursively. If there is no gallery yet, the class of a photo is the name of its
    /// folder
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
}

fn class(text: &str) -> Result<ClassId, String> {
    ClassId::try_from(text.to_owned()).map_err(|error| error.to_string())
}
