//! Names, symptoms and advice for every class and guild: `models/catalog.json`, the single source for relay, phone and
//! training.

mod class;
mod guild;
mod part;

pub use class::{ClassId, ClassIdError};
pub use guild::{GuildId, GuildIdError};
pub use part::Part;

use std::collections::BTreeSet;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::text::json;

/// The catalog of all classes that our models can name. Its ids are unique, and it lists the guild of every class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Catalog {
    guilds: Vec<Guild>,
    classes: Vec<CatalogEntry>,
}

/// A class group: classes that share their biology and so their control, such as `chewers` or `leaf_fungi`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Guild {
    /// The id by which its classes refer to it.
    pub id: GuildId,
    /// Its names.
    pub names: Text,
    /// How to protect natural enemies. Absent for guilds without relevant ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub biological: Option<Text>,
    /// Advice for when only the guild is known.
    pub advice: Advice,
}

/// One class: a disease, a pest, or a healthy leaf or fruit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CatalogEntry {
    /// The id that models and answers use.
    pub id: ClassId,
    /// Whether it is a disease, a pest or healthy.
    pub kind: Kind,
    /// The part of the tree that shows its symptoms, or the absence of symptoms. Absent for pests, which are found on
    /// several parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// The guild that it belongs to.
    pub guild: GuildId,
    /// Its names.
    pub names: Names,
    /// The visible symptoms, and what the class is easily confused with.
    pub symptoms: Text,
    /// Visible marks to check, one per line. The mini-program shows them beside a picture of the symptom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marks: Option<Advice>,
    /// The classes that it is easily confused with, the likeliest first. All of them are in the catalog.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mistaken_for: Vec<ClassId>,
    /// The action threshold. Absent for healthy leaves and fruit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Threshold>,
    /// Control measures. If there is a threshold, the first line is what to inspect, the last line is the product, and
    /// the lines between need no product.
    pub advice: Advice,
}

/// An action threshold: what to count, in which sample, at which growth stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// The unit of the sample.
    pub of: Sampled,
    /// The sample size.
    pub sample: u16,
    /// The growth stages at which a product can prevent damage.
    pub stages: Vec<GrowthStage>,
    /// Days until the next count.
    pub look_again_days: u16,
    /// The publication of the threshold, as in `models/README.md`. Absent if none is known; `act_when` is then a rule of
    /// thumb.
    pub source: Option<String>,
    /// What is counted in the sample.
    pub count: Text,
    /// The condition for action.
    pub act_when: Text,
}

/// The unit of a threshold's sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Sampled {
    /// Fruits.
    Fruits,
    /// Leaves.
    Leaves,
    /// Panicles.
    Panicles,
    /// Shoots.
    Shoots,
}

/// A growth stage of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum GrowthStage {
    /// Panicles emerge or flower.
    Flowering,
    /// New shoots emerge.
    Flush,
    /// There is fruit on the tree.
    Fruiting,
    /// None of the other stages, such as after harvest.
    Rest,
}

/// A class's names. None is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// The accepted scientific name of the causing organism, even where the id keeps the name that a photo set used;
    /// for a healthy leaf or fruit, the name of the tree.
    #[serde(deserialize_with = "filled")]
    pub latin: String,
    /// The usual Chinese name.
    #[serde(deserialize_with = "filled")]
    pub zh: String,
    /// The usual English name.
    #[serde(deserialize_with = "filled")]
    pub en: String,
}

/// The same text in both languages. Neither is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// In Chinese.
    #[serde(deserialize_with = "filled")]
    pub zh: String,
    /// In English.
    #[serde(deserialize_with = "filled")]
    pub en: String,
}

/// The same lines in both languages, the first to do or to check first. There is at least one, and none is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Advice {
    /// In Chinese.
    pub zh: Vec<String>,
    /// In English.
    pub en: Vec<String>,
}

/// The kind of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A fungus, bacterium, alga or other pathogen.
    Disease,
    /// No disease and no pest.
    Healthy,
    /// An insect or mite.
    Pest,
}

impl Catalog {
    /// The text of `models/catalog.json` at build time, for code that serves the file.
    pub const BUILTIN_JSON: &'static str = include_str!("../../models/catalog.json");

    /// The catalog at build time.
    ///
    /// # Errors
    /// Those of [`Catalog::parse`]; a unit test checks that there are none.
    pub fn builtin() -> Result<Self, CatalogError> {
        Self::parse(Self::BUILTIN_JSON)
    }

    /// Reads a catalog.
    ///
    /// # Errors
    /// [`CatalogError`] names the field, the duplicate id, or the class that refers to a guild or a class that is not
    /// listed.
    pub fn parse(text: &str) -> Result<Self, CatalogError> {
        /// The file's structure.
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Lists {
            guilds: Vec<Guild>,
            classes: Vec<CatalogEntry>,
        }
        let Lists { guilds, classes } =
            json::parse(text).map_err(|error| CatalogError::Json { field: error.field, problem: error.problem })?;
        if let Some(id) = repeated(guilds.iter().map(|guild| &guild.id)) {
            return Err(CatalogError::GuildTwice(id.clone()));
        }
        if let Some(id) = repeated(classes.iter().map(|entry| &entry.id)) {
            return Err(CatalogError::ClassTwice(id.clone()));
        }
        let catalog = Self { guilds, classes };
        if let Some(entry) = catalog.classes.iter().find(|entry| catalog.guild(&entry.guild).is_none()) {
            return Err(CatalogError::UnknownGuild { class: entry.id.clone(), guild: entry.guild.clone() });
        }
        for entry in &catalog.classes {
            if let Some(other) = entry.mistaken_for.iter().find(|other| catalog.entry(other).is_none()) {
                return Err(CatalogError::UnknownClass { class: entry.id.clone(), other: other.clone() });
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

    /// The guild of that id.
    #[must_use]
    pub fn guild(&self, id: &GuildId) -> Option<&Guild> {
        self.guilds.iter().find(|guild| guild.id == *id)
    }

    /// The guild that a class belongs to.
    #[must_use]
    pub fn guild_of(&self, class: &ClassId) -> Option<&GuildId> {
        self.entry(class).map(|entry| &entry.guild)
    }

    /// All guilds, in the file's order.
    #[must_use]
    pub fn guilds(&self) -> &[Guild] {
        &self.guilds
    }
}

impl<'de> Deserialize<'de> for Advice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// The file's structure.
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Lines {
            zh: Vec<Filled>,
            en: Vec<Filled>,
        }
        let Lines { zh, en } = Lines::deserialize(deserializer)?;
        if zh.len() != en.len() {
            let problem = format!("has {} lines in Chinese and {} in English", zh.len(), en.len());
            return Err(D::Error::custom(problem));
        }
        if zh.is_empty() {
            return Err(D::Error::custom("has no lines"));
        }
        let texts = |lines: Vec<Filled>| -> Vec<String> { lines.into_iter().map(|Filled(text)| text).collect() };
        Ok(Self { zh: texts(zh), en: texts(en) })
    }
}

/// Text that is not empty.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Filled(String);

impl TryFrom<String> for Filled {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        if text.trim().is_empty() { Err("is empty") } else { Ok(Self(text)) }
    }
}

/// Reads text that is not empty.
fn filled<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Filled::deserialize(deserializer).map(|Filled(text)| text)
}

/// The first duplicate id.
fn repeated<'a, Id: Ord + 'a>(mut ids: impl Iterator<Item = &'a Id>) -> Option<&'a Id> {
    let mut seen = BTreeSet::new();
    ids.find(|id| !seen.insert(*id))
}

/// A catalog that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// A class id occurs twice.
    #[error("the catalog lists class {0} twice")]
    ClassTwice(ClassId),
    /// A guild id occurs twice.
    #[error("the catalog lists guild {0} twice")]
    GuildTwice(GuildId),
    /// The JSON is not a catalog.
    #[error("the catalog's field {field} is wrong: {problem}")]
    Json {
        /// Path of the field.
        field: String,
        /// The problem.
        problem: String,
    },
    /// A class names a similar class that is not listed.
    #[error("the catalog says that class {class} is mistaken for {other}, which it does not list")]
    UnknownClass {
        /// The class.
        class: ClassId,
        /// The class that is not listed.
        other: ClassId,
    },
    /// A class belongs to a guild that is not listed.
    #[error("the catalog puts class {class} into guild {guild}, which it does not list")]
    UnknownGuild {
        /// The class.
        class: ClassId,
        /// The guild.
        guild: GuildId,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn class_id(id: &str) -> ClassId {
        ClassId::try_from(id.to_owned()).unwrap()
    }

    fn guild_id(id: &str) -> GuildId {
        GuildId::try_from(id.to_owned()).unwrap()
    }

    /// A class and its guild.
    fn good() -> Value {
        json!({
            "guilds": [{ "id": "chewers", "names": { "zh": "食叶害虫", "en": "Chewers" },
                "advice": { "zh": ["看"], "en": ["look"] } }],
            "classes": [{ "id": "weevil", "kind": "pest", "guild": "chewers",
                "names": { "latin": "Deporaus", "zh": "象甲", "en": "Weevil" },
                "symptoms": { "zh": "断叶", "en": "cut leaves" },
                "advice": { "zh": ["看", "捡"], "en": ["look", "gather"] } }],
        })
    }

    /// The path of the invalid field after a change, and the change.
    type Change = (&'static str, fn(&mut Value));

    /// The error for the valid catalog after a change.
    fn refused(change: impl FnOnce(&mut Value)) -> CatalogError {
        let mut catalog = good();
        change(&mut catalog);
        Catalog::parse(&catalog.to_string()).unwrap_err()
    }

    /// Duplicates the first element of a list.
    fn repeat(list: &mut Value) {
        let first = list[0].clone();
        list.as_array_mut().unwrap().push(first);
    }

    #[test]
    fn the_builtin_catalog_is_sorted_and_every_guild_has_a_class() {
        let catalog = Catalog::builtin().unwrap();
        assert!(catalog.entries().is_sorted_by_key(|entry| &entry.id));
        assert!(catalog.guilds().is_sorted_by_key(|guild| &guild.id));
        for guild in catalog.guilds() {
            assert!(catalog.entries().iter().any(|entry| entry.guild == guild.id), "{}", guild.id);
        }
    }

    #[test]
    fn the_builtin_catalog_states_the_part_of_every_class_but_pests() {
        for entry in Catalog::builtin().unwrap().entries() {
            let part = if entry.id.as_str().starts_with("fruit_") { Part::Fruit } else { Part::Leaf };
            assert_eq!(entry.part, (entry.kind != Kind::Pest).then_some(part), "{}", entry.id);
        }
    }

    #[test]
    fn classes_and_guilds_are_found_by_id() {
        let catalog = Catalog::parse(&good().to_string()).unwrap();
        let guild = catalog.guild_of(&class_id("weevil")).unwrap();
        assert_eq!(*guild, guild_id("chewers"));
        assert_eq!(catalog.guild(guild).unwrap().advice.en, ["look"]);
        assert_eq!(catalog.entry(&class_id("weevil")).unwrap().symptoms.en, "cut leaves");
        assert_eq!(catalog.guild_of(&class_id("chewers")), None);
        assert_eq!(catalog.guild(&guild_id("weevil")), None);
    }

    #[test]
    fn a_duplicate_class_is_named() {
        let error = refused(|catalog| repeat(&mut catalog["classes"]));
        assert!(matches!(&error, CatalogError::ClassTwice(id) if id.as_str() == "weevil"), "{error}");
    }

    #[test]
    fn a_duplicate_guild_is_named() {
        let error = refused(|catalog| repeat(&mut catalog["guilds"]));
        assert!(matches!(&error, CatalogError::GuildTwice(id) if id.as_str() == "chewers"), "{error}");
    }

    #[test]
    fn a_guild_that_is_not_listed_is_named_with_its_class() {
        let error = refused(|catalog| catalog["classes"][0]["guild"] = json!("mites"));
        let CatalogError::UnknownGuild { class, guild } = &error else { panic!("{error}") };
        assert_eq!((class.as_str(), guild.as_str()), ("weevil", "mites"));
    }

    #[test]
    fn an_unlisted_class_in_mistaken_for_is_named() {
        let error = refused(|catalog| catalog["classes"][0]["mistaken_for"] = json!(["weevil", "locust"]));
        let CatalogError::UnknownClass { class, other } = &error else { panic!("{error}") };
        assert_eq!((class.as_str(), other.as_str()), ("weevil", "locust"));
    }

    #[test]
    fn every_builtin_class_has_two_or_three_marks_and_a_similar_class() {
        for entry in Catalog::builtin().unwrap().entries() {
            let marks = entry.marks.as_ref().unwrap();
            assert!((2..=3).contains(&marks.zh.len()), "{}", entry.id);
            assert!((1..=3).contains(&entry.mistaken_for.len()), "{}", entry.id);
            assert!(!entry.mistaken_for.contains(&entry.id), "{}", entry.id);
        }
    }

    #[test]
    fn every_builtin_class_except_healthy_ones_has_a_threshold_and_three_lines_of_advice() {
        for entry in Catalog::builtin().unwrap().entries() {
            assert_eq!(entry.threshold.is_none(), entry.kind == Kind::Healthy, "{}", entry.id);
            let Some(threshold) = &entry.threshold else { continue };
            assert!(
                threshold.sample > 0 && threshold.look_again_days > 0 && !threshold.stages.is_empty(),
                "{}",
                entry.id
            );
            assert!(entry.advice.zh.len() >= 3, "{}", entry.id);
        }
    }

    #[test]
    fn marks_and_similar_classes_may_be_absent() {
        let catalog = Catalog::parse(&good().to_string()).unwrap();
        assert_eq!((&catalog.entries()[0].marks, catalog.entries()[0].mistaken_for.len()), (&None, 0));
        assert_eq!(serde_json::to_value(&catalog).unwrap(), good());
    }

    #[test]
    fn invalid_values_are_named_with_their_path() {
        let wrong: [Change; 5] = [
            ("classes[0].kind", |catalog| catalog["classes"][0]["kind"] = json!("plague")),
            ("classes[0].part", |catalog| catalog["classes"][0]["part"] = json!("root")),
            ("classes[0].id", |catalog| catalog["classes"][0]["id"] = json!("Weevil")),
            ("classes[0].guild", |catalog| catalog["classes"][0]["guild"] = json!("leaf chewers")),
            ("guilds[0].id", |catalog| catalog["guilds"][0]["id"] = json!("")),
        ];
        for (place, change) in wrong {
            let error = refused(change);
            assert!(matches!(&error, CatalogError::Json { field, .. } if field == place), "{error}");
        }
    }

    #[test]
    fn advice_has_as_many_lines_in_both_languages() {
        let error = refused(|catalog| catalog["classes"][0]["advice"]["en"] = json!(["look"])).to_string();
        assert!(error.contains("classes[0].advice") && error.contains("has 2 lines in Chinese and 1"), "{error}");
        let error = refused(|catalog| catalog["guilds"][0]["advice"]["zh"] = json!(["看", "摘"])).to_string();
        assert!(error.contains("guilds[0].advice") && error.contains("has 2 lines in Chinese and 1"), "{error}");
        let error = refused(|catalog| catalog["guilds"][0]["advice"] = json!({ "zh": [], "en": [] })).to_string();
        assert!(error.contains("guilds[0].advice") && error.contains("has no lines"), "{error}");
    }

    #[test]
    fn an_empty_text_is_named_with_its_path() {
        let empty: [Change; 6] = [
            ("guilds[0].names.zh", |catalog| catalog["guilds"][0]["names"]["zh"] = json!("")),
            ("guilds[0].advice.en[0]", |catalog| catalog["guilds"][0]["advice"]["en"][0] = json!("\n")),
            ("classes[0].names.latin", |catalog| catalog["classes"][0]["names"]["latin"] = json!(" ")),
            ("classes[0].symptoms.en", |catalog| catalog["classes"][0]["symptoms"]["en"] = json!("")),
            ("classes[0].symptoms.zh", |catalog| catalog["classes"][0]["symptoms"]["zh"] = json!("\u{3000}")),
            ("classes[0].advice.zh[1]", |catalog| catalog["classes"][0]["advice"]["zh"][1] = json!("")),
        ];
        for (place, change) in empty {
            let error = refused(change);
            let CatalogError::Json { field, problem } = &error else { panic!("{error}") };
            assert_eq!(field, place);
            assert!(problem.contains("is empty"), "{problem}");
        }
    }
}
