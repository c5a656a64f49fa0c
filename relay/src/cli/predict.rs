//! Flags of `predict`.

use std::path::PathBuf;

use clap::Args;

use crate::model::ModelArgs;

/// Flags of `predict`.
#[derive(Args, Clone, Debug)]
pub struct PredictArgs {
    /// JPEG, PNG or WebP files
    #[arg(value_name = "PHOTO", required = true)]
    pub photos: Vec<PathBuf>,

    /// Print one line of JSON for each photo: {"photo": ..., "prediction": ...} or {"photo": ..., "error": ...}; with
    /// --pool one line in all: {"photos": [...], "prediction": ...} or {"photos": [...], "errors": [...]}
    #[arg(long)]
    pub json: bool,

    /// Give one prediction for all photos, up to six of the same plant; an error with one photo fails all
    #[arg(long)]
    pub pool: bool,

    /// Write a PNG with the heat map of the first class over the photo; takes exactly one photo. With --json the
    /// prediction contains the map too
    #[arg(long, value_name = "FILE.png", conflicts_with = "pool", value_parser = png)]
    pub heatmap: Option<PathBuf>,

    /// Gallery with more photos of classes, made by `mango-relay gallery`; may be given several times
    #[arg(long = "gallery", value_name = "FILE")]
    pub galleries: Vec<PathBuf>,

    /// The model to use.
    #[command(flatten)]
    pub model: ModelArgs,
}

/// Requires the ending .png. Otherwise a forgotten file name would make the first photo the output file.
fn png(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("png")) {
        Ok(path)
    } else {
        Err("give the PNG file to write, such as where.png, and the photo after it".to_owned())
    }
}
