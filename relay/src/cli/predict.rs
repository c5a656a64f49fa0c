//! Flags of `predict`.

use std::path::PathBuf;

use clap::Args;

use super::ModelArgs;

/// Flags of `predict`.
#[derive(Args, Clone, Debug)]
pub struct PredictArgs {
    /// JPEG, PNG or WebP files
    #[arg(value_name = "PHOTO", required = true)]
    pub photos: Vec<PathBuf>,

    /// Print one line of JSON a photo: {"photo": ..., "prediction": ...} or {"photo": ..., "error": ...};
    /// with --pool one line in all: {"photos": [...], "prediction": ...} or {"photos": [...], "errors": [...]}
    #[arg(long)]
    pub json: bool,

    /// Answer once for all photos, up to six of the same plant; if one has a problem, none is answered
    #[arg(long)]
    pub pool: bool,

    /// Draw the first class's heat map over the photo, of which there must be one, into a PNG file; with --json the
    /// prediction holds the map too
    #[arg(long, value_name = "FILE.png", conflicts_with = "pool", value_parser = png)]
    pub heatmap: Option<PathBuf>,

    /// Gallery with further photos of classes, made by `mango-relay gallery`; may be given several times
    #[arg(long = "gallery", value_name = "FILE")]
    pub galleries: Vec<PathBuf>,

    /// Which model answers.
    #[command(flatten)]
    pub model: ModelArgs,
}

/// Only such a name: without it, the first of two photos would be taken for the file to write.
fn png(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("png")) {
        Ok(path)
    } else {
        Err("give the PNG file to write, such as where.png, and the photo after it".to_owned())
    }
}
