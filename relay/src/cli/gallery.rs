//! Flags of `gallery`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};
use mango_inference::ClassId;

use super::ModelArgs;

const EXAMPLES: &str = "\
Examples:
  Teach a class from a few photos, and see what that did to the others:
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

    /// Leave out the pests that the built-in model knows from few photos
    #[arg(long, global = true, conflicts_with = "model")]
    no_pests: bool,

    /// What is to be done.
    #[command(subcommand)]
    pub command: GalleryCommand,
}

impl GalleryArgs {
    /// Which model sees the photos.
    #[must_use]
    pub fn model(&self) -> ModelArgs {
        ModelArgs { model: self.model.clone(), no_pests: self.no_pests }
    }
}

/// What can be done with a gallery.
#[derive(Clone, Debug, Subcommand)]
pub enum GalleryCommand {
    /// Show its classes, their photos and its size
    List(ListArgs),
    /// Add photos of a class; the file is made if there is none
    Add(AddArgs),
    /// Take out a class, or photos
    Remove(RemoveArgs),
    /// Give a class another id or label
    Rename(RenameArgs),
    /// Hold each photo against all others: how many are named right, and which to look at again
    Evaluate(EvaluateArgs),
    /// Make it anew for the present model from its photos
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
    /// The class that the photos show: its id in the catalog, or one of your own of a-z, 0-9 and _
    #[arg(long, value_name = "ID", value_parser = class)]
    pub class: ClassId,

    /// What the class is called where the catalog has no name for it, 40 letters at most
    #[arg(long, value_name = "TEXT")]
    pub label: Option<String>,

    /// Only add: do not hold the photos against each other before and after
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
    /// Take out this class with all its photos
    #[arg(long, value_name = "ID", value_parser = class)]
    pub class: Option<ClassId>,

    /// Take out the photos with these keys, as `list --json` and `evaluate` give them; the first digits, at least 8,
    /// are enough
    #[arg(long = "key", value_name = "HEX", num_args = 1.., value_parser = key)]
    pub keys: Vec<String>,

    /// Take out these photos, known by the bytes of their files
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

    /// Its new id, which no class of the gallery has
    #[arg(value_name = "NEW", value_parser = class)]
    pub new: Option<ClassId>,

    /// What it is called where the catalog has no name for it; "" takes the label away
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
    /// Leave out photos of the gallery that are not found, instead of leaving it as it is
    #[arg(long)]
    pub drop_missing: bool,

    /// Photos, and folders to look through with all that are in them. Where there is no gallery yet, a photo's class
    /// is the name of the folder that it lies in
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
}

fn class(text: &str) -> Result<ClassId, String> {
    ClassId::try_from(text.to_owned()).map_err(|error| error.to_string())
}

/// The beginning of a key, in lower case.
fn key(text: &str) -> Result<String, String> {
    if (8..=64).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        Ok(text.to_ascii_lowercase())
    } else {
        Err("give the first 8 or more hexadecimal digits of a photo's key".to_owned())
    }
}
