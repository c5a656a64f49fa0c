//! `gallery evaluate`.

use std::path::Path;

use mango_inference::{Gallery, ModelId};
use serde::Serialize;

use super::leave_one_out::leave_one_out;
use super::report::Report;
use crate::cli::EvaluateArgs;
use crate::model::{ClassNames, GalleryFile, Model};
use crate::output::terminal::{photos, print};

/// A caution that goes with the figures.
const CAUTION: &str = "Photos of one leaf or one session resemble each other beyond the disease or pest, so the share \
                       of their class is too high. Photos of another tree are a better test.";

/// The JSON output.
#[derive(Serialize)]
struct Evaluation<'a> {
    model: &'a ModelId,
    #[serde(flatten)]
    report: Report,
    caution: &'a str,
}

/// Prints the leave-one-out accuracy of a gallery, and the photos that are classified wrong.
pub(super) fn run(args: &EvaluateArgs, path: &Path, model: &Model) -> anyhow::Result<()> {
    let file = GalleryFile::open_of(path, model)?;
    let report = Report::of(leave_one_out(file.gallery(), model, "testing photos")?);
    let id = &model.bare().manifest().model;
    if args.json {
        return print(&[serde_json::to_string(&Evaluation { model: id, report, caution: CAUTION })?]);
    }
    let own: usize = model.own().iter().map(Gallery::len).sum();
    let beside = if own == 0 { String::new() } else { format!(" with its own {}", photos(own)) };
    let count = photos(file.gallery().len());
    let head = format!("{}: {count}, leave-one-out ({} {}{beside})", file.name(), id.name, id.version);
    let mut lines = vec![head];
    if !file.gallery().is_empty() {
        lines.extend(report.lines(&ClassNames::of_gallery(file.gallery(), model)?));
        lines.extend([String::new(), CAUTION.to_owned()]);
    }
    print(&lines)
}
