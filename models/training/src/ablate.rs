//! `ablate`: the recipe with one thing changed at a time, each judged on validation and on the other orchard.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::measure::{Model, orchard};
use crate::recipe::Recipe;
use crate::train::{Photos, train};

/// A change of a recipe, and what became of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    /// In a few words.
    change: String,
    /// What it changes: a JSON merge patch (RFC 7396) of the recipe.
    patch: Value,
    /// Whether the recipe has it.
    kept: bool,
    /// Why, or why not.
    note: String,
}

/// A line of a model card's ablation table.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ablation {
    /// What was changed, in a few words.
    pub change: String,
    /// Macro-F1 on validation.
    pub val_macro_f1: f64,
    /// Accuracy on the other orchard, all classes ranked.
    pub other_orchard_accuracy: f64,
    /// Whether the recipe has it.
    pub kept: bool,
    /// Why, or why not.
    pub note: String,
}

/// File name of the table in a bundle's folder.
pub const FILE: &str = "ablation.json";

/// Trains the recipe with each change of `changes` and writes [`FILE`] beside it, row by row.
pub(crate) fn run(recipe: &Path, changes: &Path, photos: &Photos, data: &Path, cache: &Path) -> Result<()> {
    let list = fs::read(changes).with_context(|| format!("cannot read {}", changes.display()))?;
    let list: Vec<Change> = serde_json::from_slice(&list).with_context(|| changes.display().to_string())?;
    let folder = recipe.parent().unwrap_or(Path::new("."));
    let mut rows = Vec::new();
    for Change { change, patch, kept, note } in list {
        println!("{change}");
        let recipe = Recipe::load(recipe, Some(patch)).with_context(|| change.clone())?;
        let bundle = train(&recipe, photos, cache)?;
        let val_macro_f1 = bundle.manifest().measured.get("val.macro_f1").copied().unwrap_or(f64::NAN);
        let elsewhere = orchard::evaluate(&Model::new(&bundle)?, data)?.accuracy().value;
        println!("  validation macro-F1 {val_macro_f1:.3}, other orchard {elsewhere:.3}\n");
        let rounded = |value: f64| (value * 1000.0).round() / 1000.0;
        rows.push(Ablation {
            change,
            val_macro_f1: rounded(val_macro_f1),
            other_orchard_accuracy: rounded(elsewhere),
            kept,
            note,
        });
        let path = folder.join(FILE);
        fs::write(&path, serde_json::to_string_pretty(&rows)? + "\n")
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}
