//! Names of classes and class groups.

use std::collections::BTreeMap;
use std::iter;

use mango_inference::{Catalog, CatalogError, ClassId, Gallery, GuildId};

use super::load::Model;

/// Names from the catalog, and labels of galleries for classes that it lacks.
#[derive(Clone, Debug)]
pub(crate) struct ClassNames {
    catalog: Catalog,
    labels: BTreeMap<ClassId, String>,
}

impl ClassNames {
    /// If galleries have different labels for a class, the first one counts.
    ///
    /// # Errors
    /// Those of [`Catalog::builtin`].
    pub(crate) fn new<'a>(galleries: impl IntoIterator<Item = &'a Gallery>) -> Result<Self, CatalogError> {
        let mut labels = BTreeMap::new();
        for (id, class) in galleries.into_iter().flat_map(Gallery::classes) {
            if let Some(label) = class.label() {
                labels.entry(id.clone()).or_insert_with(|| label.to_owned());
            }
        }
        Ok(Self { catalog: Catalog::builtin()?, labels })
    }

    /// The names of a gallery's classes, and of those in the model's own galleries.
    ///
    /// # Errors
    /// Those of [`ClassNames::new`].
    pub(crate) fn of_gallery(gallery: &Gallery, model: &Model) -> Result<Self, CatalogError> {
        Self::new(iter::once(gallery).chain(model.own()))
    }

    /// A class's Chinese and English names. A class that is not in the catalog has no Chinese name, and its label or
    /// else its id in place of the English one.
    pub(crate) fn of(&self, id: &ClassId) -> [String; 2] {
        match self.catalog.entry(id) {
            Some(entry) => [entry.names.zh.clone(), entry.names.en.clone()],
            None => [String::new(), self.labels.get(id).cloned().unwrap_or_else(|| id.to_string())],
        }
    }

    /// The names of [`ClassNames::of`] in one text.
    pub(crate) fn text(&self, id: &ClassId) -> String {
        let [zh, en] = self.of(id);
        format!("{zh} {en}").trim_start().to_owned()
    }

    /// A class group's Chinese and English names in one text; its id if the catalog has none.
    pub(crate) fn group(&self, id: &GuildId) -> String {
        self.catalog.guild(id).map_or_else(|| id.to_string(), |guild| format!("{} {}", guild.names.zh, guild.names.en))
    }

    /// The group of a class.
    pub(crate) fn group_of(&self, id: &ClassId) -> Option<&GuildId> {
        self.catalog.guild_of(id)
    }
}
