//! `ablate`: the recipe with one change at a time, each evaluated on validation and on the other orchard.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::measure::{Model, orchard};
use crate::recipe::Recipe;
use crate::train::{Photos, train};

/// A change of a recipe, and its result.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    /// A short description.
    change: String,
    /// The change as a JSON merge patch (RFC 7396) of the recipe. Without a patch, the figures below were measured
    /// elsewhere, as the note says.
    patch: Option<Value>,
    val_macro_f1: Option<f64>,
    other_orchard_accuracy: Option<f64>,
    /// Whether the recipe has the change.
    kept: bool,
    /// The reason.
    note: String,
}

/// A line of a model card's ablation table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ablation {
    /// A short description of the change.
    pub change: String,
    /// Macro-F1 on validation.
    pub val_macro_f1: Option<f64>,
    /// Accuracy on the other orchard, all classes ranked.
    pub other_orchard_accuracy: Option<f64>,
    /// Whether the recipe has the change.
    pub kept: bool,
    /// The reason.
    pub note: String,
}

/// File name of the table in a bundle's folder.
const FILE: &str = "ablation.json";

impl Ablation {
    /// Reads the table in a bundle's folder; empty if there is none.
    ///
    /// # Errors
    /// The file exists and cannot be used.
    pub fn read_all(bundle: &Path) -> Result<Vec<Self>> {
        let path = bundle.join(FILE);
        if !path.exists() {
            return Ok(Vec::new());
        }
        let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_slice(&text).with_context(|| format!("cannot use {}", path.display()))
    }
}

/// Trains the recipe with each change of `changes` and writes [`FILE`] beside it, row by row.
pub(crate) fn run(recipe: &Path, changes: &Path, photos: &Photos, data: &Path, cache: &Path) -> Result<()> {
    let list = fs::read(changes).with_context(|| format!("cannot read {}", changes.display()))?;
    let list: Vec<Change> = serde_json::from_slice(&list).with_context(|| changes.display().to_string())?;
    let folder = recipe.parent().unwrap_or(Path::new("."));
    let mut rows = Vec::new();
    for Change { change, patch, val_macro_f1, other_orchard_accuracy, kept, note } in list {
        let row = |[val, elsewhere]: [Option<f64>; 2]| {
            let rounded = |value: f64| (value * 1000.0).round() / 1000.0;
            let (val_macro_f1, other_orchard_accuracy) = (val.map(rounded), elsewhere.map(rounded));
            Ablation { change: change.clone(), val_macro_f1, other_orchard_accuracy, kept, note }
        };
        println!("{change}");
        let figures = match patch {
            None => [val_macro_f1, other_orchard_accuracy],
            Some(patch) => {
                let recipe = Recipe::load(recipe, Some(patch)).with_context(|| change.clone())?;
                let bundle = train(&recipe, photos, cache)?;
                let elsewhere = orchard::evaluate(&Model::new(&bundle)?, data)?.accuracy().value;
                [bundle.manifest().measured.get("val.macro_f1").copied(), Some(elsewhere)]
            }
        };
        rows.push(row(figures));
        let path = folder.join(FILE);
        fs::write(&path, serde_json::to_string_pretty(&rows)? + "\n")
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}
