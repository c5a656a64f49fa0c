//! The names of classes: `models/catalog.json`, the single source for relay, phone and training.

use serde::{Deserialize, Serialize};

use crate::class::ClassId;
use crate::guild::GuildId;
use crate::json;

/// What is known about every class that a model of ours can name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    classes: Vec<CatalogEntry>,
}

/// One class: a disease, a pest, or a healthy leaf.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogEntry {
    /// The id that models and answers use.
    pub id: ClassId,
    /// What sort of thing it is.
    pub kind: Kind,
    /// The group that shares its way of living and so its control, such as `chewers` or `leaf_fungi`.
    pub guild: GuildId,
    /// Its names.
    pub names: Names,
}

/// A class's names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// The causing organism's scientific name; of a healthy leaf, the tree's.
    pub latin: String,
    /// The usual Chinese name.
    pub zh: String,
    /// The usual English name.
    pub en: String,
}

/// What sort of thing a class is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A fungus, bacterium or other pathogen.
    Disease,
    /// Nothing wrong.
    Healthy,
    /// An insect or mite.
    Pest,
}

impl Catalog {
    /// The catalog that this build was made with.
    ///
    /// # Errors
    /// Those of [`Catalog::parse`]; a unit test keeps them from shipping.
    pub fn builtin() -> Result<Self, CatalogError> {
        Self::parse(include_str!("../../models/catalog.json"))
    }

    /// Reads a catalog.
    ///
    /// # Errors
    /// [`CatalogError`] names the field, or the id that stands twice.
    pub fn parse(text: &str) -> Result<Self, CatalogError> {
        let catalog: Self =
            json::parse(text).map_err(|error| CatalogError::Json { field: error.field, problem: error.problem })?;
        for (index, entry) in catalog.classes.iter().enumerate() {
            if catalog.classes[..index].iter().any(|earlier| earlier.id == entry.id) {
                return Err(CatalogError::Twice(entry.id.clone()));
            }
        }
        Ok(catalog)
    }

    /// The entry of a class.
    #[must_use]
    pub fn entry(&self, id: &ClassId) -> Option<&CatalogEntry> {
        self.classes.iter().find(|entry| entry.id == *id)
    }

    /// All entries, in the file's order.
    #[must_use]
    pub fn entries(&self) -> &[CatalogEntry] {
        &self.classes
    }
}

/// A catalog that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// Not the JSON that a catalog is.
    #[error("the catalog's field {field} is wrong: {problem}")]
    Json {
        /// Path of the field.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
    /// An id stands twice.
    #[error("the catalog lists class {0} twice")]
    Twice(ClassId),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_builtin_catalog_has_names_for_every_entry() {
        let catalog = Catalog::builtin().unwrap();
        assert!(catalog.entries().len() >= 8);
        for entry in catalog.entries() {
            let Names { latin, zh, en } = &entry.names;
            for name in [latin, zh, en] {
                assert!(!name.trim().is_empty(), "{}", entry.id);
            }
        }
    }

    #[test]
    fn a_wrong_kind_is_named_with_its_place() {
        let json = r#"{"classes":[{"id":"a","kind":"plague","guild":"g","names":{"latin":"l","zh":"z","en":"e"}}]}"#;
        let error = Catalog::parse(json).unwrap_err().to_string();
        assert!(error.contains("classes[0].kind"), "{error}");
    }
}
