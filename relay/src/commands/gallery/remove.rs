//! `gallery remove`.

use std::path::Path;

use anyhow::{Context, bail};
use mango_inference::{Gallery, PhotoKey};

use crate::cli::RemoveArgs;
use crate::model::GalleryFile;
use crate::output::terminal::{photos, print, printable_path};
use crate::photo;

/// Removes a class or photos from a gallery. If one of them is not in the gallery, nothing is removed.
pub(super) fn run(args: &RemoveArgs, file: &GalleryFile<'_>) -> anyhow::Result<()> {
    let gallery = file.gallery();
    let rest = match &args.class {
        Some(class) => gallery.without_class(class)?,
        None => without(gallery, &keys(args, gallery)?)?,
    };
    file.save(&rest)?;
    let taken = gallery.len() - rest.len();
    print(&[format!("{}: {} removed, {} left", file.name(), photos(taken), photos(rest.len()))])
}

/// The keys of all photos to remove, without duplicates.
fn keys(args: &RemoveArgs, gallery: &Gallery) -> anyhow::Result<Vec<PhotoKey>> {
    let by_key = args.keys.iter().map(|start| beginning_with(gallery, start));
    let by_file = args.photos.iter().map(|path| of_file(gallery, path));
    let mut keys = by_key.chain(by_file).collect::<anyhow::Result<Vec<_>>>()?;
    keys.sort_unstable();
    keys.dedup();
    Ok(keys)
}

fn without(gallery: &Gallery, keys: &[PhotoKey]) -> anyhow::Result<Gallery> {
    Ok(keys.iter().try_fold(gallery.clone(), |rest, key| rest.without_photo(*key))?)
}

fn beginning_with(gallery: &Gallery, start: &str) -> anyhow::Result<PhotoKey> {
    let mut found = gallery.photos().map(|(_, key, _)| *key).filter(|key| key.to_string().starts_with(start));
    match (found.next(), found.next()) {
        (Some(key), None) => Ok(key),
        (Some(_), Some(_)) => bail!("the gallery has several photos whose keys begin with {start}; give more digits"),
        (None, _) => bail!("the gallery has no photo whose key begins with {start}; `list --json` gives all keys"),
    }
}

fn of_file(gallery: &Gallery, path: &Path) -> anyhow::Result<PhotoKey> {
    let key = PhotoKey::of(&photo::read(path).with_context(|| printable_path(path))?);
    if gallery.class_of(key).is_none() {
        bail!("{}: the gallery has no such photo; a photo is matched by the bytes of its file", printable_path(path));
    }
    Ok(key)
}
