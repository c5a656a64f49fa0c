//! `gallery list`.

use mango_inference::{ClassId, GalleryClass, GuildId};
use serde::Serialize;

use crate::cli::ListArgs;
use crate::model::{ClassNames, GalleryFile};
use crate::output::terminal::{Align, classes, photos, print, table};

/// Prints a gallery's classes and its size.
pub(super) fn run(args: &ListArgs, file: &GalleryFile<'_>) -> anyhow::Result<()> {
    let names = ClassNames::new([file.gallery()])?;
    if args.json {
        return print(&[serde_json::to_string(&Listed::of(file, &names))?]);
    }
    print(&lines(file, &names))
}

fn lines(file: &GalleryFile<'_>, names: &ClassNames) -> Vec<String> {
    let gallery = file.gallery();
    let (count, size) = (gallery.len(), file.size());
    let each = size.checked_div(count).map_or_else(String::new, |each| format!(", {each} a photo"));
    let head =
        format!("{}: {} of {}, {size} bytes{each}", file.name(), photos(count), classes(gallery.classes().count()),);
    let mut rows = vec![["id", "name", "photos", "group"].map(str::to_owned)];
    rows.extend(gallery.classes().map(|(id, class)| {
        let group = names.group_of(id).map_or_else(|| "–".to_owned(), |group| names.group(group));
        [id.to_string(), names.text(id), class.len().to_string(), group]
    }));
    let mut lines = vec![head];
    if count > 0 {
        lines.extend(table([Align::Left, Align::Left, Align::Right, Align::Left], &rows));
    }
    lines
}

/// The JSON output.
#[derive(Serialize)]
struct Listed<'a> {
    /// The id of the embedding of its photos.
    embedding: String,
    bytes: usize,
    photos: usize,
    classes: Vec<ListedClass<'a>>,
}

#[derive(Serialize)]
struct ListedClass<'a> {
    id: &'a ClassId,
    /// The name for display.
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guild: Option<&'a GuildId>,
    photos: usize,
    keys: Vec<String>,
}

impl<'a> Listed<'a> {
    fn of(file: &'a GalleryFile<'_>, names: &'a ClassNames) -> Self {
        let gallery = file.gallery();
        let class = |(id, class): (&'a ClassId, &'a GalleryClass)| ListedClass {
            id,
            name: names.text(id),
            label: class.label(),
            guild: names.group_of(id),
            photos: class.len(),
            keys: class.keys().map(|key| key.to_string()).collect(),
        };
        Self {
            embedding: gallery.embedding().to_string(),
            bytes: file.size(),
            photos: gallery.len(),
            classes: gallery.classes().map(class).collect(),
        }
    }
}
