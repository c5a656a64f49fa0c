//! A bundle's model card: `README.md` with its figures, and the pictures beside it.

mod charts;
mod gallery;
mod goals;
mod markdown;
mod prose;
mod svg;
mod tables;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use mango_inference::Manifest;

pub use gallery::GalleryCard;
pub use prose::{Goals, Prose, Reproduction};

use crate::ablate::Ablation;
use crate::measure::Model;
use crate::measure::background_swap::{self, BackgroundReport};
use crate::measure::domain::{self, DomainReport};
use crate::measure::orchard::{self, OrchardReport};
use crate::measure::robustness::{self, RobustnessReport};
use crate::measure::sets::{self, SetsReport};
use crate::measure::split::{self, SplitReport};
use crate::photos::dataset::{Dataset, Split};

/// Every measure of one bundle.
#[derive(Clone, Debug)]
pub struct Measures {
    /// Every photo set.
    pub sets: SetsReport,
    /// MangoLeafBD's test split.
    pub test: SplitReport,
    /// The other orchard.
    pub orchard: OrchardReport,
    /// Mango leaf or not.
    pub domain: DomainReport,
    /// Corrupted photos.
    pub robustness: RobustnessReport,
    /// Other backgrounds.
    pub backgrounds: BackgroundReport,
}

impl Measures {
    /// Takes every measure; answers to corrupted photos come from `cache` where they are there. With `quick`, corruptions and
    /// backgrounds are measured on about so many photos.
    ///
    /// # Errors
    /// A photo that cannot be taken, or a cache that cannot be written.
    pub fn take(model: &Model, data: &Path, cache: &Path, quick: Option<usize>) -> Result<Self> {
        Ok(Self {
            sets: sets::evaluate(model, data)?,
            test: split::evaluate(model, &Dataset::mango_leaf_bd(data)?, Split::Test)?,
            orchard: orchard::evaluate(model, data)?,
            domain: domain::evaluate(model, data)?,
            backgrounds: background_swap::evaluate(model, data, cache, quick)?,
            robustness: robustness::evaluate(model, data, cache, quick)?,
        })
    }
}

/// All that a card tells.
#[derive(Clone, Debug)]
pub struct Card {
    /// What the bundle states.
    pub manifest: Manifest,
    /// Size of the weights file, bytes.
    pub weights_len: u64,
    /// What belongs to this model alone.
    pub prose: Prose,
    /// What was tried.
    pub changes: Vec<Ablation>,
    /// The figures.
    pub measures: Measures,
}

impl Card {
    /// Measures the bundle in a folder, in which `card.json` and, if there, `ablation.json` are read.
    ///
    /// # Errors
    /// The bundle or one of the files cannot be used; what [`Measures::take`] meets.
    pub fn of(bundle: &Path, data: &Path, cache: &Path, quick: Option<usize>) -> Result<Self> {
        let model = Model::load(bundle)?;
        let manifest = model.manifest().clone();
        // Before the hour of measuring, not after it.
        let (prose, changes) = (Prose::read(bundle)?, Ablation::read_all(bundle)?);
        let weights = bundle.join(&manifest.weights.file);
        let weights_len = fs::metadata(&weights).with_context(|| format!("cannot read {}", weights.display()))?.len();
        Ok(Self { manifest, weights_len, prose, changes, measures: Measures::take(&model, data, cache, quick)? })
    }

    /// The card's files: name and content.
    #[must_use]
    pub fn files(&self) -> [(&'static str, String); 4] {
        let Measures { test, orchard, robustness, .. } = &self.measures;
        [
            (charts::CONFUSION, charts::confusion(&test.classes, &test.confusion())),
            (
                charts::RELIABILITY,
                charts::reliability(&[("test split", &test.judged), ("other orchard", &orchard.judged)]),
            ),
            (charts::CORRUPTIONS, charts::corruptions(robustness)),
            ("README.md", self.to_markdown()),
        ]
    }

    /// Writes the card's files into a folder.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        for (name, content) in self.files() {
            let path = folder.join(name);
            fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
