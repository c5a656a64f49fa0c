//! What a card says of its model alone, read from files in the bundle's folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

/// `card.json`: the sentences and goals of one model.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prose {
    /// What the model is and for whom, a sentence or two.
    pub summary: String,
    /// The network and its trained parts, half a sentence.
    pub network: String,
    /// The photos trained and calibrated on, half a sentence.
    pub trained_on: String,
    /// What it cannot do, a sentence or two each, in Markdown.
    pub limits: Vec<String>,
    /// How to make it again.
    pub reproduction: Reproduction,
    /// What it had to reach; none for a model without goals.
    pub goals: Option<Goals>,
}

/// How to make a model again.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reproduction {
    /// The command, to run from the root of the repository.
    pub command: String,
    /// How long it took, on what.
    pub time: String,
}

/// Least (or, of errors and wrong answers, largest) figures that a model had to reach.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goals {
    /// Least macro-F1 on a set's test split, by the set's name.
    pub macro_f1: BTreeMap<String, f64>,
    /// Least accuracy on a set, all classes ranked, by the set's name.
    pub accuracy: BTreeMap<String, f64>,
    /// Least mean recall on a set that a model was trained without, by the set's name.
    pub unseen_mean_recall: BTreeMap<String, f64>,
    /// Largest share of an unseen set's photos that is confident and wrong.
    pub unseen_confident_and_wrong: f64,
    /// Least share, of an unseen set's photos called confident, that is right.
    pub unseen_confident_right: f64,
    /// Largest calibration error on the test splits.
    pub calibration_error: f64,
    /// Largest calibration error on unseen sets.
    pub unseen_calibration_error: f64,
    /// Largest share of any set's mango leaves that is called `not_mango_leaf`.
    pub mango_refused: f64,
    /// Least share of photos that do not show mango that is called so, by the set's name.
    pub refused: BTreeMap<String, f64>,
}

impl Prose {
    /// Reads `card.json` in a bundle's folder.
    ///
    /// # Errors
    /// The file is missing, or a field of it.
    pub fn read(bundle: &Path) -> Result<Self> {
        let path = bundle.join("card.json");
        let text = fs::read_to_string(&path).with_context(|| {
            format!(
                "cannot read {}, which holds the card's sentences; models/training/README.md says what it needs",
                path.display()
            )
        })?;
        serde_json::from_str(&text).with_context(|| format!("cannot use {}", path.display()))
    }
}
