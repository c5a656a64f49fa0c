//! `evaluate-local`: the gain from a few leaves of an orchard for the other leaves there.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use super::observed::{Observed, gallery, observe};
use crate::measure::Model;
use crate::measure::interval::{Drawn, Estimate, estimate};
use crate::measure::metrics::{Confusion, share};
use crate::measure::written;
use crate::photos::dataset::{Dataset, Split};

/// Numbers of leaves per class in the gallery.
const LEAVES: [usize; 5] = [0, 1, 2, 5, 10];

/// Number of random draws of the leaves.
const SEEDS: u64 = 5;

/// A photo of the orchard that is not in the gallery, in one draw.
#[derive(Clone, Debug)]
struct Tried {
    truth: usize,
    group: String,
    right: bool,
}

impl Drawn for Tried {
    fn unit(&self) -> (usize, &str) {
        (self.truth, &self.group)
    }
}

/// One point of the curve.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalPoint {
    /// Leaves per class in the gallery, with all their photos.
    pub leaves: usize,
    /// Accuracy on the orchard's other leaves with all classes ranked, over five draws of the leaves.
    pub accuracy: Estimate,
    /// Accuracy of each draw.
    pub draws: Vec<f64>,
    /// Mean macro-F1 on `MangoLeafBD`'s test split, which is not from that orchard.
    pub elsewhere: f64,
}

/// A model's curve.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalReport {
    /// The model, name and version.
    pub model: String,
    /// The points, by number of leaves.
    pub points: Vec<LocalPoint>,
}

/// Adds leaves of `other_orchard.tsv` to a gallery and classifies the others.
pub(crate) fn evaluate(bundle: &Path, data: &Path) -> Result<LocalReport> {
    let model = Model::load(bundle)?;
    let predictor = model.predictor();
    let orchard = observe(predictor, &Dataset::other_orchard(data)?, "other orchard")?;
    let test = Dataset::mango_leaf_bd(data)?.split(Split::Test);
    let test_labels = test.labels(&model.manifest().classes)?;
    let test_shown = model.observe_files(&test.paths(), "test split")?;
    let points = LEAVES
        .into_iter()
        .map(|leaves| {
            let mut tried = Vec::new();
            let (mut draws, mut elsewhere) = (Vec::new(), Vec::new());
            for seed in 0..SEEDS {
                let taught = draw(&orchard, leaves, seed);
                let local = orchard.iter().filter(|photo| taught.contains(photo.sample.group.as_str()));
                let grown = Model::from(predictor.clone().with_galleries(&[gallery(predictor, local)?])?);
                let others = orchard.iter().filter(|photo| !taught.contains(photo.sample.group.as_str()));
                let others = others.map(|photo| attempt(&grown, photo)).collect::<Result<Vec<_>>>()?;
                draws.push(share(&others, |photo| photo.right));
                tried.extend(others);
                let called = test_shown.iter().map(|shown| grown.answer_observation(shown).best());
                let pairs = test_labels.iter().copied().zip(called);
                elsewhere.push(Confusion::count(grown.predictor().classes().len(), pairs).macro_f1());
            }
            Ok(LocalPoint {
                leaves,
                accuracy: estimate(&tried, |drawn| share(drawn, |photo| photo.right)),
                draws,
                elsewhere: elsewhere.iter().sum::<f64>() / elsewhere.len() as f64,
            })
        })
        .collect::<Result<_>>()?;
    Ok(LocalReport { model: model.name(), points })
}

/// Groups for the gallery: `leaves` of each class, or all but one if there are no more.
fn draw(photos: &[Observed], leaves: usize, seed: u64) -> BTreeSet<&str> {
    let mut classes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for photo in photos {
        classes.entry(photo.sample.class.as_str()).or_default().insert(&photo.sample.group);
    }
    let mut rng = StdRng::seed_from_u64(seed);
    let mut taught = BTreeSet::new();
    for groups in classes.into_values() {
        let mut groups: Vec<&str> = groups.into_iter().collect();
        groups.shuffle(&mut rng);
        let most = groups.len().saturating_sub(1);
        taught.extend(groups.into_iter().take(leaves.min(most)));
    }
    taught
}

fn attempt(model: &Model, photo: &Observed) -> Result<Tried> {
    let class = &photo.sample.class;
    let truth = model.predictor().classes().iter().position(|id| id == class);
    let truth = truth.with_context(|| format!("the model has no class {class}"))?;
    let right = model.answer_observation(&photo.shown).best() == truth;
    Ok(Tried { truth, group: photo.sample.group.clone(), right })
}

impl LocalReport {
    /// The figures as a table.
    #[must_use]
    pub fn to_text(&self) -> String {
        written(|text| self.write(text))
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "{}: the other orchard with some of its leaves in a gallery, {SEEDS} draws", self.model)?;
        writeln!(
            text,
            "leaves per class   accuracy (95 %, bootstrap over groups)   least draw   macro-F1 on MangoLeafBD test"
        )?;
        for LocalPoint { leaves, accuracy, draws, elsewhere } in &self.points {
            let least = draws.iter().copied().fold(f64::INFINITY, f64::min);
            writeln!(text, "{leaves:>16}   {:40}   {least:>10.3}   {elsewhere:.3}", accuracy.to_string())?;
        }
        Ok(())
    }
}
