//! `gallery add`.

use std::path::Path;

use anyhow::{Context, bail};
use mango_inference::{Gallery, MAX_GALLERY_PHOTOS};

use super::leave_one_out::leave_one_out;
use super::photos::{PhotoFile, check};
use super::report::{Report, before_and_after};
use super::suspicious;
use crate::cli::AddArgs;
use crate::model::{ClassNames, GalleryError, GalleryFile, Model};
use crate::output::progress;
use crate::output::terminal::{photos, print};

/// Adds photos of a class to a gallery file, which is created if it does not exist, and prints the effect.
pub(super) fn run(args: &AddArgs, path: &Path, model: &Model) -> anyhow::Result<()> {
    let file = match GalleryFile::open_of(path, model) {
        Err(GalleryError::Missing { .. }) => GalleryFile::new(path, model),
        opened => opened?,
    };
    let Sorted { new, skipped } = sort(args, file.gallery(), check(&args.photos)?)?;
    print_if_any(&skipped)?;
    let grown = grow(args, file.gallery(), &new, model)?;
    model.with(std::slice::from_ref(&grown)).context("the gallery would be unusable, so it was left unchanged")?;
    if grown == *file.gallery() {
        return print(&[format!("{}: nothing to add", file.name())]);
    }
    file.save(&grown)?;
    let names = ClassNames::new([&grown])?;
    let class = names.text(&args.class);
    let (added, all) = (photos(new.len()), photos(grown.len()));
    print(&[format!("{}: {added} added to {class}, {all} in all", file.name())])?;
    if class == args.class.as_str() {
        eprintln!("hint: the catalog has no class {class}; give it a name with --label");
    }
    warn(args, &new, &file, &grown, model)?;
    if args.no_evaluate || new.is_empty() {
        return Ok(());
    }
    compare(&file, &grown, model)
}

/// The photos to add, and the messages about the others.
#[derive(Debug, Default)]
struct Sorted {
    new: Vec<PhotoFile>,
    skipped: Vec<String>,
}

fn sort(args: &AddArgs, gallery: &Gallery, checked: Vec<PhotoFile>) -> anyhow::Result<Sorted> {
    let mut sorted = Sorted::default();
    let mut elsewhere = Vec::new();
    for photo in checked {
        let twin = sorted.new.iter().find(|other| other.key == photo.key);
        match (gallery.class_of(photo.key), twin) {
            (Some(class), _) if *class != args.class => elsewhere.push(format!("  {}: {class}", photo.name())),
            (Some(_), _) => sorted.skipped.push(format!("skipped {}: the gallery has it already", photo.name())),
            (None, Some(twin)) => {
                sorted.skipped.push(format!("skipped {}: the same photo as {}", photo.name(), twin.name()));
            }
            (None, None) => sorted.new.push(photo),
        }
    }
    if !elsewhere.is_empty() {
        let list = elsewhere.join("\n");
        bail!("the gallery has photos under another class, so nothing was changed; take them out first\n{list}");
    }
    if gallery.len() + sorted.new.len() > MAX_GALLERY_PHOTOS {
        let (has, new) = (photos(gallery.len()), sorted.new.len());
        bail!("the gallery has {has} and {new} are new; it holds at most {MAX_GALLERY_PHOTOS}, take some out first");
    }
    Ok(sorted)
}

fn grow(args: &AddArgs, gallery: &Gallery, new: &[PhotoFile], model: &Model) -> anyhow::Result<Gallery> {
    let labelled = |gallery: Gallery| match &args.label {
        Some(label) => gallery.with_label(&args.class, Some(label)),
        None => Ok(gallery),
    };
    let bar = progress::bar(new.len(), "looking at photos");
    let mut grown = gallery.clone();
    for photo in new {
        // An invalid label is refused at the first photo, not after all of them.
        grown = labelled(grown.with_photo(&args.class, photo.key, photo.embed(model)?)?)?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(labelled(grown)?)
}

/// Prints for each class how many photos were classified correctly before and after.
fn compare(file: &GalleryFile<'_>, grown: &Gallery, model: &Model) -> anyhow::Result<()> {
    let names = ClassNames::of_gallery(grown, model)?;
    let before = Report::of(leave_one_out(file.gallery(), model, "testing the old photos")?);
    let after = Report::of(leave_one_out(grown, model, "testing all photos")?);
    print(&before_and_after(&before, &after, &names))
}

/// Prints warnings about the added photos.
fn warn(
    args: &AddArgs,
    new: &[PhotoFile],
    file: &GalleryFile<'_>,
    grown: &Gallery,
    model: &Model,
) -> anyhow::Result<()> {
    if let Some(meant) = suspicious::meant(&args.class, file.gallery(), model)? {
        let (class, name) = (&args.class, file.name());
        eprintln!(
            "warning: {class} is a new class; did you mean {meant}? then: mango-relay gallery --gallery {name} remove \
             --class {class}, and add the photos again"
        );
    }
    for photo in suspicious::no_leaves(new, grown, file.gallery(), model)? {
        eprintln!("warning: {photo} does not look like a mango leaf to the model; take it out if it shows none");
    }
    Ok(())
}

fn print_if_any(lines: &[String]) -> anyhow::Result<()> {
    if lines.is_empty() { Ok(()) } else { print(lines) }
}
