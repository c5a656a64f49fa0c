//! `train`: a recipe and photos become a bundle.

mod teacher;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use burn::tensor::Device;
use mango_inference::network::EfficientNetLite;
use mango_inference::{
    Calibration, ClassId, Domain, Manifest, ModelBundle, ModelId, Precision, Provenance, Weights, WeightsFile, sha256,
};

use crate::calibrate::{self, Answer};
use crate::classifier::{self, Labelled};
use crate::dataset::{Dataset, Split};
use crate::features::{Extractor, Features, Look, Output};
use crate::late::{self, Lesson};
use crate::measure::metrics::Confusion;
use crate::recipe::{LateStages, Recipe};
use crate::{domain, imagenet};
use teacher::TeacherModel;

/// Draws of the augmentation that validation is seen under, beside those of training.
const VAL_LOOKS: [u64; 2] = [1_000_001, 1_000_002];

/// The draw of the augmentation under which training's leaves show what another camera changes.
const DOMAIN_LOOK: u64 = 1_000_003;

/// Photos to train on and where they come from.
#[derive(Debug)]
pub(crate) struct Photos {
    /// The photos with their splits.
    pub(crate) dataset: Dataset,
    /// What the manifest says of them.
    pub(crate) source: String,
    /// Licence of weights trained on them.
    pub(crate) license: String,
}

impl Photos {
    /// MangoLeafBD in the folder of the photo sets.
    pub(crate) fn mango_leaf_bd(data: &Path) -> Result<Self> {
        Ok(Self {
            dataset: Dataset::mango_leaf_bd(data)?,
            source: "MangoLeafBD (doi 10.17632/hxsnvwty3r.1), grouped split, train".to_owned(),
            license: "CC-BY-NC-4.0".to_owned(),
        })
    }
}

/// Trains by `recipe` on `photos`, keeps computed files in `cache`, and gives the bundle.
pub(crate) fn train(recipe: &Recipe, photos: &Photos, cache: &Path) -> Result<ModelBundle> {
    let started = Instant::now();
    let imagenet = imagenet::load(cache)?.under("trunk");
    let training = Training::new(recipe, photos, cache)?;
    let trunk = training.trunk(&imagenet)?;
    let extractor = training.extractor(trunk.clone())?;
    let seen = training.embeddings(&extractor)?;
    let subspace = training.subspace(&seen)?;
    let fitted = training.classifier(&seen, subspace.as_ref())?;
    let bundle = training.bundle(trunk, subspace, &fitted)?;
    println!("{} kB of weights, {:.0} min", bundle.weights_len() / 1000, started.elapsed().as_secs_f64() / 60.0);
    Ok(bundle)
}

struct Training<'a> {
    recipe: &'a Recipe,
    photos: &'a Photos,
    cache: &'a Path,
    classes: Vec<ClassId>,
    train: Dataset,
    train_labels: Vec<usize>,
    train_weights: Vec<f32>,
    val: Dataset,
    val_labels: Vec<usize>,
}

/// Embeddings of every look.
struct Seen {
    train: Features,
    train_varied: Features,
    val: Features,
    val_varied: Vec<Features>,
}

/// A classifier, rounded as the bundle will hold it, and what validation says of it.
struct Fitted {
    weights: Weights,
    decay: f64,
    calibration: Calibration,
    domain: Option<Domain>,
    measured: BTreeMap<String, f64>,
}

impl<'a> Training<'a> {
    fn new(recipe: &'a Recipe, photos: &'a Photos, cache: &'a Path) -> Result<Self> {
        let classes = photos.dataset.classes();
        ensure!(classes.len() >= 2, "the photos show {} classes; a model needs two at least", classes.len());
        let (train, val) = (photos.dataset.split(Split::Train), photos.dataset.split(Split::Val));
        let (train_labels, val_labels) = (train.labels(&classes)?, val.labels(&classes)?);
        if let Some(domain) = recipe.domain {
            // Every photo gives two rows, plain and varied.
            let most = 2 * train.samples.len() - 1;
            ensure!(domain.rank <= most, "domain.rank is {}: for so few photos {most} at most", domain.rank);
        }
        let train_weights = recipe.classifier.balance.weights(&train.samples);
        Ok(Self { recipe, photos, cache, classes, train, train_labels, train_weights, val, val_labels })
    }

    /// The trunk's weights, its late stages trained if the recipe says so, rounded as the bundle will hold them.
    fn trunk(&self, imagenet: &Weights) -> Result<Weights> {
        let architecture = self.recipe.network.architecture();
        let shape = Weights::of(&EfficientNetLite::new(&architecture, &Device::flex()));
        let head = self.recipe.network.has_imagenet_head();
        let fitting = if head { imagenet.clone() } else { imagenet.clone().without("head") };
        let imagenet = shape.zip(&fitting, |_, imagenet| imagenet.clone());
        let Some(late) = &self.recipe.late else {
            return rounded(imagenet, self.recipe.precision);
        };
        let extractor = self.extractor(imagenet.clone())?;
        let start = if head { imagenet } else { imagenet.without("head") };
        let lesson = self.lesson(late, &extractor)?;
        let folder = self.cache.join("runs").join(self.run_key(late, &start, &lesson)?);
        let trained = late::train(&architecture, &start, &lesson, late, self.recipe.seed, &folder)?;
        rounded(trained, self.recipe.precision)
    }

    /// Names a run by all that it learns from, so that a run is gone on with only where nothing has changed.
    fn run_key(&self, late: &LateStages, start: &Weights, lesson: &Lesson) -> Result<String> {
        let how = serde_json::to_string(&(late, self.recipe.network, self.recipe.seed))?;
        let start = sha256(&start.clone().encode(Precision::F32)?);
        let mut key = sha256(format!("{how} {start} {}", lesson.sha256()).as_bytes());
        key.truncate(16);
        Ok(key)
    }

    fn lesson(&self, late: &LateStages, extractor: &Extractor) -> Result<Lesson> {
        let varied = (1..=late.views).map(|index| Look::Varied(self.recipe.augmentation, index));
        let looks: Vec<Look> = std::iter::once(Look::Plain).chain(varied).collect();
        let teacher = late.teacher.as_ref().map(|teacher| TeacherModel::load(teacher, &self.classes)).transpose()?;
        let mut lesson = Lesson {
            maps: Vec::new(),
            map_shape: extractor.map_shape(late.frozen_stages),
            labels: self.train_labels.clone(),
            weights: self.train_weights.clone(),
            teacher_logits: Vec::new(),
            teacher_embeddings: Vec::new(),
            classes: self.classes.len(),
        };
        for look in looks {
            lesson.maps.push(extractor.features(&self.train, look, Output::Map(late.frozen_stages), self.cache)?);
            if let Some(teacher) = &teacher {
                let (logits, embeddings) = teacher.answers(&self.train, look, self.cache)?;
                lesson.teacher_logits.push(logits);
                lesson.teacher_embeddings.push(embeddings);
            }
        }
        Ok(lesson)
    }

    fn extractor(&self, trunk: Weights) -> Result<Extractor> {
        let network = EfficientNetLite::new(&self.recipe.network.architecture(), &Device::flex());
        Extractor::new(network, trunk, self.recipe.preprocessing())
    }

    fn embeddings(&self, extractor: &Extractor) -> Result<Seen> {
        let embed = |set: &Dataset, look| extractor.features(set, look, Output::Embedding, self.cache);
        let varied = |index| Look::Varied(self.recipe.augmentation, index);
        Ok(Seen {
            train: embed(&self.train, Look::Plain)?,
            train_varied: embed(&self.train, varied(DOMAIN_LOOK))?,
            val: embed(&self.val, Look::Plain)?,
            val_varied: VAL_LOOKS.iter().map(|index| embed(&self.val, varied(*index))).collect::<Result<_>>()?,
        })
    }

    fn subspace(&self, seen: &Seen) -> Result<Option<Weights>> {
        let Some(how) = self.recipe.domain else {
            return Ok(None);
        };
        rounded(domain::subspace(&[&seen.train, &seen.train_varied], how.rank)?, self.recipe.precision).map(Some)
    }

    /// Fits the classifier with every decay and keeps the one of least calibrated loss on validation.
    fn classifier(&self, seen: &Seen, subspace: Option<&Weights>) -> Result<Fitted> {
        let train = Labelled { features: &seen.train, labels: &self.train_labels, weights: &self.train_weights };
        let distances = |rows: &Features| subspace.map(|subspace| domain::distances(subspace, rows)).transpose();
        let plain = distances(&seen.val)?;
        let varied: Vec<Option<Vec<f32>>> = seen.val_varied.iter().map(distances).collect::<Result<_>>()?;
        let limits = match (self.recipe.domain, &plain) {
            (Some(how), Some(plain)) => {
                let varied: Vec<f32> = varied.iter().flatten().flatten().copied().collect();
                Some(domain::limits(plain, &varied, how.keep)?)
            }
            _ => None,
        };
        println!("{:>9} {:>8} {:>8} {:>8} {:>12}", "decay", "val loss", "val acc", "val F1", "varied acc");
        let mut best: Option<Fitted> = None;
        for decay in &self.recipe.classifier.decays {
            let weights = classifier::fit(train, self.classes.len(), *decay)?;
            let weights = rounded(weights, self.recipe.precision)?;
            let answers =
                |rows: &Features, distances: &Option<Vec<f32>>| self.answers(&weights, rows, distances, limits);
            let plain = answers(&seen.val, &plain)?;
            let varied: Vec<Vec<Answer>> =
                seen.val_varied.iter().zip(&varied).map(|(rows, d)| answers(rows, d)).collect::<Result<_>>()?;
            let fitted = self.judge(weights, *decay, limits, &plain, &varied.concat());
            let figure = |name: &str| fitted.measured.get(name).copied().unwrap_or(f64::NAN);
            println!(
                "{decay:>9.1e} {:>8.4} {:>8.4} {:>8.4} {:>12.4}",
                figure("val.nll"),
                figure("val.accuracy"),
                figure("val.macro_f1"),
                figure("val.varied_accuracy")
            );
            let loss = |fitted: &Fitted| fitted.measured.get("val.nll").copied().unwrap_or(f64::INFINITY);
            if best.as_ref().is_none_or(|best| loss(&fitted) < loss(best)) {
                best = Some(fitted);
            }
        }
        best.context("the recipe has no decay to try")
    }

    fn answers(
        &self,
        classifier: &Weights,
        rows: &Features,
        distances: &Option<Vec<f32>>,
        limits: Option<Domain>,
    ) -> Result<Vec<Answer>> {
        let logits = classifier::logits(classifier, rows, self.classes.len())?;
        let score = |row: usize| Some(limits?.score(*distances.as_ref()?.get(row)?));
        let labelled = logits.into_iter().zip(&self.val_labels).enumerate();
        Ok(labelled.map(|(row, (logits, label))| Answer { logits, out_of_domain: score(row), label: *label }).collect())
    }

    fn judge(
        &self,
        weights: Weights,
        decay: f64,
        domain: Option<Domain>,
        plain: &[Answer],
        varied: &[Answer],
    ) -> Fitted {
        let calibration = calibrate::fit(plain, varied);
        let untempered = Calibration { temperature: 1.0, slope: 0.0, confident: 1.0 };
        let count = |answers: &[Answer]| {
            let best = |answer: &Answer| {
                (0..self.classes.len()).max_by(|a, b| answer.logits[*a].total_cmp(&answer.logits[*b])).unwrap_or(0)
            };
            Confusion::count(self.classes.len(), answers.iter().map(|answer| (answer.label, best(answer))))
        };
        let figures = [
            ("val.accuracy", count(plain).accuracy()),
            ("val.macro_f1", count(plain).macro_f1()),
            ("val.varied_accuracy", count(varied).accuracy()),
            ("val.nll", calibrate::negative_log_likelihood(&calibration, plain)),
            ("val.nll_before_temperature", calibrate::negative_log_likelihood(&untempered, plain)),
            ("val.ece", calibrate::calibration_error(&calibration, plain)),
            ("val.ece_before_temperature", calibrate::calibration_error(&untempered, plain)),
            ("val.varied_ece", calibrate::calibration_error(&calibration, varied)),
        ];
        let measured = figures.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Fitted { weights, decay, calibration, domain, measured }
    }

    fn bundle(&self, trunk: Weights, subspace: Option<Weights>, fitted: &Fitted) -> Result<ModelBundle> {
        let Recipe { model, version, precision, seed, .. } = self.recipe.clone();
        let mut weights = Weights::default();
        weights.extend_under("trunk", trunk);
        weights.extend_under("classifier", fitted.weights.clone());
        if let Some(subspace) = subspace {
            weights.extend_under("domain", subspace);
        }
        let weights = weights.encode(precision)?;
        let mut measured = fitted.measured.clone();
        measured.insert("train.decay".to_owned(), fitted.decay);
        let manifest = Manifest {
            format: Manifest::FORMAT,
            model: ModelId { name: model, version },
            architecture: self.recipe.network.architecture(),
            classes: self.classes.clone(),
            preprocessing: self.recipe.preprocessing(),
            calibration: fitted.calibration,
            domain: fitted.domain,
            weights: WeightsFile { file: "weights.bpk".to_owned(), sha256: sha256(&weights), precision },
            provenance: Provenance {
                base: format!("EfficientNet-Lite0, ImageNet (Apache-2.0), .pth sha256 {}", imagenet::PTH_SHA256),
                data: self.photos.source.clone(),
                license: self.photos.license.clone(),
                seed,
            },
            measured,
        };
        Ok(ModelBundle::new(&manifest.to_json(), weights)?)
    }
}

/// Weights as the bundle will hold them: training and validation see what users run.
fn rounded(weights: Weights, precision: Precision) -> Result<Weights> {
    Ok(Weights::parse(&weights.encode(precision)?, precision)?)
}
