//! Warnings about added photos. They are printed, and the photos are added all the same.

use anyhow::Context;
use mango_inference::{Catalog, CatalogError, ClassId, Gallery, Verdict};

use super::photos::PhotoFile;
use crate::model::Model;

/// Similarity of two ids, 0 to 1, from which one counts as a misspelling of the other: one letter of five. Ids of
/// similar classes share whole words.
const ALIKE: f64 = 0.8;

/// The names of the photos that are not mango leaves according to the model without the added photos.
pub(super) fn no_leaves(
    new: &[PhotoFile],
    grown: &Gallery,
    before: &Gallery,
    model: &Model,
) -> anyhow::Result<Vec<String>> {
    let known = if before.is_empty() { Vec::new() } else { vec![before.clone()] };
    let classifier = model.with(&known).context("the gallery cannot be used")?;
    let mut names = Vec::new();
    for (_, key, embedding) in grown.photos() {
        let Some(photo) = new.iter().find(|photo| photo.key == *key) else { continue };
        if classifier.classify(&classifier.observe_stored(embedding)?).verdict == Verdict::NotMangoLeaf {
            names.push(photo.name());
        }
    }
    Ok(names)
}

/// A suggestion for a class that neither the catalog nor a gallery had before.
pub(super) fn meant(class: &ClassId, before: &Gallery, model: &Model) -> Result<Option<ClassId>, CatalogError> {
    let catalog = Catalog::builtin()?;
    let in_galleries = model.own().iter().chain([before]).flat_map(Gallery::classes).map(|(id, _)| id);
    let known = catalog.entries().iter().map(|entry| &entry.id).chain(in_galleries);
    Ok(nearest(class, known.chain(&model.bare().manifest().classes)).cloned())
}

/// The most similar of these ids, unless the id is one of them.
fn nearest<'a>(class: &ClassId, known: impl Iterator<Item = &'a ClassId>) -> Option<&'a ClassId> {
    let likeness = known.map(|id| (strsim::normalized_damerau_levenshtein(class.as_str(), id.as_str()), id));
    let (alike, nearest) = likeness.max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    (alike >= ALIKE && nearest != class).then_some(nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_class_is_found_and_a_new_class_is_not() {
        let id = |text: &str| ClassId::try_from(text.to_owned()).unwrap();
        let known = ["sooty_mould", "thrips", "die_back", "mites"].map(id);
        for (class, meant) in [
            ("sooty_mold", Some("sooty_mould")),
            ("thrip", Some("thrips")),
            ("thrips", None),
            ("leaf_hopper", None),
            ("red", None),
        ] {
            assert_eq!(nearest(&id(class), known.iter()).map(ClassId::as_str), meant, "{class}");
        }
    }
}
