//! Photos in folders that are named after their classes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use mango_inference::ClassId;

use super::Placed;
use crate::commands::gallery::photos::check;
use crate::commands::gallery::walk;
use crate::output::terminal::{print, printable_path};

/// File name extensions of photos in folders.
const ENDINGS: [&str; 4] = ["jpeg", "jpg", "png", "webp"];

/// All photos, each with the class that its folder is named after.
pub(super) fn place(paths: &[PathBuf]) -> anyhow::Result<Vec<Placed>> {
    // A file named on the command line is taken as a photo whatever its extension.
    let files = walk::files(paths)?.into_iter().filter(|file| paths.contains(file) || ends_as_photo(file));
    let files: Vec<PathBuf> = files.collect();
    ensure!(!files.is_empty(), "there are no JPEG, PNG or WebP files there");
    let classes = files.iter().map(|file| class_of(file)).collect::<anyhow::Result<Vec<_>>>()?;
    let mut placed: BTreeMap<_, Placed> = BTreeMap::new();
    for (class, photo) in classes.into_iter().zip(check(&files)?) {
        match placed.get(&photo.key) {
            None => {
                placed.insert(photo.key, (class, photo));
            }
            Some((other, twin)) if *other == class => {
                print(&[format!("skipped {}: the same photo as {}", photo.name(), twin.name())])?;
            }
            Some((other, twin)) => bail!(
                "{} and {} are the same photo under the classes {class} and {other}; take one away",
                photo.name(),
                twin.name()
            ),
        }
    }
    Ok(placed.into_values().collect())
}

fn ends_as_photo(path: &Path) -> bool {
    path.extension().is_some_and(|end| ENDINGS.iter().any(|ending| end.eq_ignore_ascii_case(ending)))
}

/// The class that a photo's folder is named after.
fn class_of(photo: &Path) -> anyhow::Result<ClassId> {
    let real =
        fs::canonicalize(photo).with_context(|| format!("cannot find the folder of {}", printable_path(photo)))?;
    let folder = real.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    ClassId::try_from(folder.unwrap_or_default())
        .with_context(|| format!("the folder of {} is not named after a class; rename it", printable_path(photo)))
}
