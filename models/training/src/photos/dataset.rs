//! Photo sets: the class, leaf and split of each photo.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use mango_inference::ClassId;
use serde::Deserialize;

/// One photo of a set.
#[derive(Clone, Debug, Deserialize)]
pub struct Sample {
    /// Path relative to the data folder.
    pub path: String,
    /// The class.
    pub class: ClassId,
    /// The leaf, or leaves that look alike; a group is always in one split. Without groups in the table, each photo is
    /// a group.
    #[serde(default)]
    pub group: String,
    /// Class, camera and day, if known.
    #[serde(default)]
    pub session: Option<String>,
    /// The split; a set whose table has no such column is for evaluation only.
    #[serde(default)]
    pub split: Split,
}

/// A part of a photo set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Split {
    /// For the evaluation of a finished model; never for tuning.
    #[default]
    Test,
    /// For training.
    Train,
    /// For model selection and calibration.
    Val,
}

impl Split {
    /// The split's name, as in tables and in the data's `split` column.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Train => "train",
            Self::Val => "val",
        }
    }
}

/// A photo set with its splits.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// The folder that sample paths are relative to.
    pub root: PathBuf,
    /// Every photo, in the table's order.
    pub samples: Vec<Sample>,
}

impl Dataset {
    /// Reads `mangoleafbd.tsv` in the data folder: MangoLeafBD with its grouped, chronological split.
    ///
    /// # Errors
    /// The table is missing, malformed or empty.
    pub fn mango_leaf_bd(data: &Path) -> Result<Self> {
        Self::table(data, "mangoleafbd.tsv")
    }

    /// Reads `other_orchard.tsv` in the data folder: close-ups from another orchard and country, three classes.
    ///
    /// # Errors
    /// The table is missing, malformed or empty.
    pub fn other_orchard(data: &Path) -> Result<Self> {
        Self::table(data, "other_orchard.tsv")
    }

    /// Reads `mangopest.tsv` in the data folder: field photos of 15 pests, 2 to 17 per class.
    ///
    /// # Errors
    /// The table is missing, malformed or empty.
    pub fn mango_pests(data: &Path) -> Result<Self> {
        Self::table(data, "mangopest.tsv")
    }

    /// Reads a table of photos in the data folder.
    ///
    /// # Errors
    /// The table is missing, malformed or empty.
    pub(crate) fn table(data: &Path, name: &str) -> Result<Self> {
        let table = data.join(name);
        let samples = csv::ReaderBuilder::new()
            .delimiter(b'\t')
            .from_path(&table)
            .and_then(|mut reader| reader.deserialize().collect::<Result<Vec<Sample>, _>>())
            .map(with_groups)
            .with_context(|| format!("cannot read {}; name the folder of the photo sets by --data", table.display()))?;
        if samples.is_empty() {
            bail!("{} lists no photo", table.display());
        }
        Ok(Self { root: data.to_owned(), samples })
    }

    /// The path of each photo, in the table's order.
    #[must_use]
    pub fn paths(&self) -> Vec<PathBuf> {
        self.samples.iter().map(|sample| self.root.join(&sample.path)).collect()
    }

    /// The photos of one split.
    #[must_use]
    pub fn split(&self, split: Split) -> Self {
        let samples = self.samples.iter().filter(|sample| sample.split == split).cloned().collect();
        Self { root: self.root.clone(), samples }
    }

    /// The classes, in order of their ids.
    #[must_use]
    pub fn classes(&self) -> Vec<ClassId> {
        let mut classes: Vec<ClassId> = self.samples.iter().map(|sample| sample.class.clone()).collect();
        classes.sort();
        classes.dedup();
        classes
    }

    /// Each photo's class as an index into `classes`.
    ///
    /// # Errors
    /// A photo of a class that is not listed.
    pub fn labels(&self, classes: &[ClassId]) -> Result<Vec<usize>> {
        self.samples
            .iter()
            .map(|sample| {
                classes
                    .iter()
                    .position(|class| *class == sample.class)
                    .with_context(|| format!("{}: the model has no class {}", sample.path, sample.class))
            })
            .collect()
    }
}

/// Gives photos without a group their own group.
fn with_groups(mut samples: Vec<Sample>) -> Vec<Sample> {
    for sample in samples.iter_mut().filter(|sample| sample.group.is_empty()) {
        sample.group.clone_from(&sample.path);
    }
    samples
}

/// Photos that show no mango leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutOfDomain {
    /// Leaves of another tree: `out_of_domain/guava_leaves`.
    GuavaLeaves,
    /// Objects of ImageNet's classes: `out_of_domain/imagenet_objects`.
    ImageNetObjects,
}

impl OutOfDomain {
    /// Every photo in the set's folder, in order of names.
    ///
    /// # Errors
    /// The folder is missing or holds no JPEG.
    pub fn photos(self, data: &Path) -> Result<Vec<PathBuf>> {
        let folder = data.join("out_of_domain").join(match self {
            Self::GuavaLeaves => "guava_leaves",
            Self::ImageNetObjects => "imagenet_objects",
        });
        let missing =
            || format!("cannot read the folder {}; name the folder of the photo sets by --data", folder.display());
        let entries = fs::read_dir(&folder).with_context(missing)?;
        let mut photos = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>().with_context(missing)?;
        photos.retain(|path| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("jpg")));
        photos.sort();
        if photos.is_empty() {
            bail!("{} holds no .jpg", folder.display());
        }
        Ok(photos)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_without_splits_is_for_evaluation_only() {
        let data = tempfile::tempdir().unwrap();
        let table = "path\tclass\tgroup\nother_orchard/healthy/1.jpg\thealthy\th_001\n";
        fs::write(data.path().join("other_orchard.tsv"), table).unwrap();
        let set = Dataset::other_orchard(data.path()).unwrap();
        assert_eq!(set.split(Split::Test).samples.len(), 1);
        assert_eq!(set.paths(), [data.path().join("other_orchard/healthy/1.jpg")]);
    }

    #[test]
    fn a_missing_file_is_named_with_advice() {
        let data = tempfile::tempdir().unwrap();
        for error in [
            Dataset::other_orchard(data.path()).unwrap_err(),
            OutOfDomain::GuavaLeaves.photos(data.path()).unwrap_err(),
        ] {
            let error = error.to_string();
            assert!(error.contains(&data.path().display().to_string()) && error.contains("--data"), "{error}");
        }
    }

    #[test]
    fn only_photos_are_listed_and_in_order_of_names() {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join("out_of_domain/guava_leaves");
        fs::create_dir_all(&folder).unwrap();
        for name in ["b.jpg", "a.JPG", "notes.txt"] {
            fs::write(folder.join(name), "").unwrap();
        }
        let photos = OutOfDomain::GuavaLeaves.photos(data.path()).unwrap();
        assert_eq!(photos, [folder.join("a.JPG"), folder.join("b.jpg")]);
    }
}
