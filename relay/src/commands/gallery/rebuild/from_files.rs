//! Finds the photos of a gallery by the hashes of their files.

use std::collections::BTreeMap;

use anyhow::ensure;
use mango_inference::PhotoKey;

use super::Placed;
use crate::cli::RebuildArgs;
use crate::commands::gallery::photos::PhotoFile;
use crate::commands::gallery::walk;
use crate::model::GalleryFile;
use crate::output::progress;
use crate::output::terminal::{photos, print, printable_path};
use crate::photo;

/// Finds the gallery's photos among the files. Prints the missing ones; they are an error unless `--drop-missing` is
/// given.
pub(super) fn place(args: &RebuildArgs, file: &GalleryFile<'_>) -> anyhow::Result<Option<Vec<Placed>>> {
    let mut found = find(args, file)?;
    let mut placed = Vec::new();
    let mut missing = Vec::new();
    for (class, key, _) in file.gallery().photos() {
        match found.remove(key) {
            Some(photo) => placed.push((class.clone(), photo)),
            None => missing.push(format!("missing: {key} of {class}")),
        }
    }
    if missing.is_empty() {
        return Ok(Some(placed));
    }
    print(&missing)?;
    if !args.drop_missing {
        let (lost, all) = (missing.len(), photos(file.gallery().len()));
        eprintln!(
            "{lost} of {all} not found, so {} was left unchanged; name where they are, or leave them out with \
             --drop-missing",
            file.name()
        );
        return Ok(None);
    }
    ensure!(!placed.is_empty(), "none of the gallery's photos was found, so {} was left unchanged", file.name());
    Ok(Some(placed))
}

/// The gallery's photos that are among the files, by key.
fn find(args: &RebuildArgs, file: &GalleryFile<'_>) -> anyhow::Result<BTreeMap<PhotoKey, PhotoFile>> {
    let files = walk::files(&args.paths)?;
    let bar = progress::bar(files.len(), "looking for photos");
    let mut found = BTreeMap::new();
    for path in files {
        // A renamed photo still has the same bytes.
        match photo::read(&path) {
            Ok(bytes) => {
                let key = PhotoKey::of(&bytes);
                if file.gallery().class_of(key).is_some() {
                    found.entry(key).or_insert(PhotoFile { path, key });
                }
            }
            Err(problem) => bar.suspend(|| eprintln!("skipped {}: {}", printable_path(&path), problem.detail())),
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(found)
}
