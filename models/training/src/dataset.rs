//! Photo sets: which photo shows which class, of which leaf, in which split.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use mango_inference::ClassId;
use serde::Deserialize;

/// One photo of a set.
#[derive(Clone, Debug, Deserialize)]
pub struct Sample {
    /// Path relative to the data folder.
    pub path: String,
    /// What it shows.
    pub class: ClassId,
    /// The leaf, or leaves that look alike; no group crosses a split.
    pub group: String,
    /// Class, camera and day, where they are known.
    #[serde(default)]
    pub session: Option<String>,
    /// The split it belongs to.
    pub split: Split,
}

/// A part of a photo set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Split {
    /// Judged on once a model is done; never tuned on.
    Test,
    /// Trained on.
    Train,
    /// Chosen and calibrated on.
    Val,
}

impl Split {
    /// The split's name, as tables and the data's own column write it.
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
    /// The folder that sample paths start from.
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
        let table = data.join("mangoleafbd.tsv");
        let samples = csv::ReaderBuilder::new()
            .delimiter(b'\t')
            .from_path(&table)
            .and_then(|mut reader| reader.deserialize().collect::<Result<Vec<Sample>, _>>())
            .with_context(|| format!("cannot read {}; name the folder of the photo sets by --data", table.display()))?;
        if samples.is_empty() {
            bail!("{} lists no photo", table.display());
        }
        Ok(Self { root: data.to_owned(), samples })
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
                    .with_context(|| format!("{} shows {}, which the model does not know", sample.path, sample.class))
            })
            .collect()
    }
}
