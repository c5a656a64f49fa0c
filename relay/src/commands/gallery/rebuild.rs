//! `gallery rebuild`.

mod from_files;
mod from_folders;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, ensure};
use mango_inference::{ClassId, Gallery, MAX_GALLERY_PHOTOS};

use super::photos::PhotoFile;
use crate::cli::RebuildArgs;
use crate::model::{GalleryError, GalleryFile, Model};
use crate::output::progress;
use crate::output::terminal::{classes, photos, print};

/// A photo and its class.
type Placed = (ClassId, PhotoFile);

/// Rebuilds a gallery for the model, from its photos or, if there is no gallery yet, from folders of classes.
///
/// Returns 1 if photos of the gallery are not found. The gallery is then unchanged.
pub(super) fn run(args: &RebuildArgs, path: &Path, model: &Model) -> anyhow::Result<ExitCode> {
    let (file, placed) = match GalleryFile::open(path) {
        Err(GalleryError::Missing { .. }) => (GalleryFile::new(path, model), from_folders::place(&args.paths)?),
        opened => {
            let file = opened?;
            let Some(placed) = from_files::place(args, &file)? else { return Ok(ExitCode::FAILURE) };
            (file, placed)
        }
    };
    let gallery = with_labels(&embed(&placed, model)?, file.gallery())?;
    model.with(std::slice::from_ref(&gallery)).context("the gallery would be unusable, so it was left unchanged")?;
    file.save(&gallery)?;
    let (count, of) = (photos(gallery.len()), classes(gallery.classes().count()));
    let id = &model.bare().manifest().model;
    print(&[format!("{}: {count} of {of}, embedded with {} {}", file.name(), id.name, id.version)])?;
    Ok(ExitCode::SUCCESS)
}

fn embed(placed: &[Placed], model: &Model) -> anyhow::Result<Gallery> {
    let count = placed.len();
    ensure!(count <= MAX_GALLERY_PHOTOS, "{count} photos are too many; a gallery holds at most {MAX_GALLERY_PHOTOS}");
    let bar = progress::bar(count, "looking at photos");
    let mut gallery = Gallery::new(model.bare().embedding_id());
    for (class, photo) in placed {
        gallery = gallery.with_photo(class, photo.key, photo.embed(model)?)?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(gallery)
}

/// The gallery with the labels of the old one.
fn with_labels(gallery: &Gallery, old: &Gallery) -> anyhow::Result<Gallery> {
    let kept = |id: &ClassId| gallery.classes().any(|(class, _)| class == id);
    let labels = old.classes().filter(|(id, _)| kept(id));
    Ok(labels.into_iter().try_fold(gallery.clone(), |gallery, (id, class)| gallery.with_label(id, class.label()))?)
}
