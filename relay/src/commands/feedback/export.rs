//! `feedback export`: photos in a folder for each label, `feedback.json` for the training, and a page for the review.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use mango_inference::{Catalog, ClassId};
use serde::Serialize;

use super::list;
use crate::cli::ExportFeedbackArgs;
use crate::feedback::{Facts, RecordId, UNKNOWN, folder};
use crate::output::replace::{Readers, replace};
use crate::output::terminal::{counted, print};

/// The list of the export's photos, by which an export is recognised.
const LIST: &str = "feedback.json";
/// The page for the review.
const PAGE: &str = "index.html";
/// The version of the format of the list and of the review.
const FORMAT: u32 = 1;

const FRAME: &str = include_str!("../../../review/review.html");
const STYLE: &str = include_str!("../../../review/review.css");
const SCRIPT: &str = include_str!("../../../review/review.js");

/// The content of `feedback.json`.
#[derive(Serialize)]
struct Export {
    format: u32,
    /// Every class of the catalog and of the labels.
    classes: Vec<Class>,
    records: Vec<Exported>,
}

#[derive(Serialize)]
struct Class {
    id: ClassId,
    zh: String,
    en: String,
}

#[derive(Serialize)]
struct Exported {
    id: RecordId,
    /// The photo, relative to the export's folder.
    file: String,
    #[serde(flatten)]
    facts: Facts,
}

/// Exports the records of `folder`.
pub(super) fn run(args: &ExportFeedbackArgs, folder: &Path) -> anyhow::Result<()> {
    let to = args.to.as_path();
    let listing = list::read(folder)?;
    prepare(to)?;
    let mut export = Export { format: FORMAT, classes: Vec::new(), records: Vec::new() };
    for record in listing.records {
        let (facts, picture) = match folder::read(folder, &record.id) {
            Ok(read) => read,
            Err(folder::ReadError::File(error)) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => {
                eprintln!("mango-relay: {}: {error}; it is left out", folder::path(folder, &record.id).display());
                continue;
            }
        };
        let file = format!("{}/{}.jpg", facts.label, record.id);
        make(&to.join(facts.label.as_str())).with_context(|| format!("cannot write to {}", to.display()))?;
        write(&to.join(&file), &picture)?;
        export.records.push(Exported { id: record.id, file, facts });
    }
    export.classes = classes(&export.records)?;
    let json = serde_json::to_string(&export)?;
    write(&to.join(LIST), json.as_bytes())?;
    write(&to.join(PAGE), page(&json).as_bytes())?;
    remove_others(to, &export.records)?;
    let (count, page) = (counted(export.records.len() as u64, "record"), to.join(PAGE));
    print(&[format!("{}: {count}; open {} in a browser to review them", to.display(), page.display())])
}

/// Makes the folder. One with other files than those of an export is refused.
fn prepare(to: &Path) -> anyhow::Result<()> {
    let cannot = || format!("cannot write to {}", to.display());
    make(to).with_context(cannot)?;
    let list = to.join(LIST);
    if list.exists() {
        return Ok(());
    }
    if fs::read_dir(to).with_context(cannot)?.next().is_some() {
        bail!("{} has other files; give an empty or new folder, or that of an export", to.display());
    }
    // An interrupted export can be repeated.
    let nothing = Export { format: FORMAT, classes: Vec::new(), records: Vec::new() };
    write(&list, serde_json::to_string(&nothing)?.as_bytes())
}

/// Removes the photos of records that were deleted since an export before, or have another label now.
fn remove_others(to: &Path, records: &[Exported]) -> anyhow::Result<()> {
    let kept: BTreeSet<PathBuf> = records.iter().map(|record| to.join(&record.file)).collect();
    let cannot = || format!("cannot remove old photos from {}", to.display());
    for label in fs::read_dir(to).with_context(cannot)? {
        let label = label.with_context(cannot)?;
        let is_label = label.file_name().to_str().is_some_and(|name| ClassId::try_from(name.to_owned()).is_ok());
        if !is_label || !label.file_type().with_context(cannot)?.is_dir() {
            continue;
        }
        for photo in fs::read_dir(label.path()).with_context(cannot)? {
            let path = photo.with_context(cannot)?.path();
            let id = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".jpg").and_then(RecordId::parse));
            if id.is_some() && !kept.contains(&path) {
                fs::remove_file(&path).with_context(cannot)?;
            }
        }
        // Fails for a folder that is not empty.
        let _ = fs::remove_dir(label.path());
    }
    Ok(())
}

fn classes(records: &[Exported]) -> anyhow::Result<Vec<Class>> {
    let catalog = Catalog::builtin()?;
    let of_catalog = catalog.entries().iter().map(|entry| Class {
        id: entry.id.clone(),
        zh: entry.names.zh.clone(),
        en: entry.names.en.clone(),
    });
    let mut classes: Vec<Class> = of_catalog.collect();
    // Labels only: an answer is any text that a client sent.
    let ids: BTreeSet<&ClassId> = records.iter().map(|record| &record.facts.label).collect();
    let others = ids.into_iter().filter(|id| id.as_str() != UNKNOWN && catalog.entry(id).is_none());
    classes.extend(others.map(|id| Class { id: id.clone(), zh: String::new(), en: id.to_string() }));
    Ok(classes)
}

/// The page with the list in it: a page that is opened from a folder cannot read other files there.
fn page(json: &str) -> String {
    // A `<` could end the element.
    let data = json.replace('<', "\\u003c");
    FRAME.replace("{{style}}", STYLE).replace("{{script}}", SCRIPT).replace("{{data}}", &data)
}

/// Makes a folder that only its owner may read: photos were entrusted to the operator.
fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    replace(path, bytes, Readers::Owner).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_cannot_end_its_element() {
        let html = page("{\"model\":\"</script><b>\"}");
        assert!(html.contains("\\u003c/script>\\u003cb>"));
        assert!(!html.contains("{{"), "every place is filled");
    }
}
