//! `train`: a recipe and photos become a bundle.

mod confidence;
mod fitting;
mod fold;
mod photos;
mod report;
mod symptom;
mod teacher;

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, ensure};
use mango_inference::{
    FewPhotosCalibration, Manifest, ModelBundle, ModelId, Precision, Provenance, Weights, WeightsFile, sha256,
};

use crate::photos::sources::Source;
use crate::recipe::Recipe;
use crate::trunk::imagenet;
use confidence::{Answer, Confidence, Known};
use fold::Fold;
use report::Unseen;

pub(crate) use photos::Photos;

/// What a model that was trained without a source makes of the photos.
struct WithoutSource {
    source: Source,
    /// Validation's photos of the other sources.
    known: Known,
    /// The source's own photos.
    unseen: Vec<Answer>,
}

/// Trains by `recipe` on `photos`, keeps computed files in `cache`, and gives the bundle.
pub(crate) fn train(recipe: &Recipe, photos: &Photos, cache: &Path) -> Result<ModelBundle> {
    let started = Instant::now();
    let folds = without_each(recipe, photos, cache)?;
    let judged = judged(photos, &folds);
    judged.iter().for_each(|unseen| print!("{unseen}"));
    let whole = Fold::train(recipe, photos, None, cache)?;
    let known = whole.validation()?;
    let unseen: Vec<Vec<Answer>> = folds.into_iter().map(|fold| fold.unseen).collect();
    let mut confidence = Confidence::fit(&photos.outputs, &known, &unseen);
    confidence.measured.extend(judged.iter().flat_map(Unseen::measured));
    let bundle = bundle(recipe, photos, &whole, &confidence)?;
    println!("{} kB of weights, {:.0} min", bundle.weights_len() / 1000, started.elapsed().as_secs_f64() / 60.0);
    Ok(bundle)
}

/// Trains without each source that the recipe holds out, judges on that source, and prints what a grower in an orchard
/// of that source would have been answered.
pub(crate) fn evaluate_sources(recipe: &Recipe, photos: &Photos, cache: &Path) -> Result<String> {
    ensure!(!recipe.held_out.is_empty(), "the recipe holds out no source: name at least two in held_out");
    let folds = without_each(recipe, photos, cache)?;
    Ok(judged(photos, &folds).iter().map(ToString::to_string).collect())
}

fn without_each(recipe: &Recipe, photos: &Photos, cache: &Path) -> Result<Vec<WithoutSource>> {
    let fold = |source: &Source| {
        println!("without {}", source.name());
        let started = Instant::now();
        let fold = Fold::train(recipe, photos, Some(*source), cache)?;
        let (known, unseen) = (fold.validation()?, fold.unseen()?);
        println!("without {}: {:.0} s", source.name(), started.elapsed().as_secs_f64());
        Ok(WithoutSource { source: *source, known, unseen })
    };
    recipe.held_out.iter().map(fold).collect()
}

/// Judges every fold. The confidence of each is fitted on the other folds' unseen sources, never on the one that is
/// judged.
fn judged(photos: &Photos, folds: &[WithoutSource]) -> Vec<Unseen> {
    let judge = |fold: &WithoutSource| {
        let others = folds.iter().filter(|other| other.source != fold.source);
        let others: Vec<Vec<Answer>> = others.map(|other| other.unseen.clone()).collect();
        let confidence = Confidence::fit(&photos.outputs, &fold.known, &others);
        Unseen::new(fold.source, photos.outputs.classes(), confidence, &fold.unseen)
    };
    folds.iter().map(judge).collect()
}

fn bundle(recipe: &Recipe, photos: &Photos, fold: &Fold<'_>, confidence: &Confidence) -> Result<ModelBundle> {
    let Recipe { model, version, precision, seed, .. } = recipe.clone();
    let mut weights = Weights::default();
    weights.extend_under("trunk", fold.trunk().clone());
    weights.extend_under("classifier", fold.classifier().clone());
    if let Some(subspace) = fold.subspace() {
        weights.extend_under("domain", subspace.clone());
    }
    let weights = weights.encode(precision)?;
    let mut measured = confidence.measured.clone();
    measured.insert("train.decay".to_owned(), fold.decay());
    let outputs = &photos.outputs;
    let manifest = Manifest {
        format: Manifest::FORMAT,
        model: ModelId { name: model, version },
        architecture: recipe.network.architecture(),
        classes: outputs.classes().iter().map(|(id, _)| id.clone()).collect(),
        parts: outputs.parts(),
        healthy: outputs.healthy(),
        others: confidence.others(outputs.others()),
        symptom: confidence.symptom,
        preprocessing: recipe.preprocessing(),
        calibration: confidence.calibration,
        domain: confidence.domain,
        few_photos: FewPhotosCalibration::default(),
        weights: WeightsFile { file: "weights.bpk".to_owned(), sha256: sha256(&weights), precision },
        provenance: Provenance {
            base: format!("EfficientNet-Lite0, ImageNet (Apache-2.0), .pth sha256 {}", imagenet::PTH_SHA256),
            data: photos.source.clone(),
            license: photos.license.clone(),
            seed,
        },
        measured,
    };
    Ok(ModelBundle::new(&manifest.to_json(), weights)?)
}

/// Weights as the bundle will hold them: training and validation see what users run.
fn rounded(weights: Weights, precision: Precision) -> Result<Weights> {
    Ok(Weights::parse(&weights.encode(precision)?, precision)?)
}
