//! `train`: a recipe and photos become a bundle.

mod fitting;
mod photos;
mod teacher;

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, ensure};
use burn::tensor::{Device, TensorData};
use mango_inference::network::EfficientNetLite;
use mango_inference::{
    ClassId, FewPhotosCalibration, Manifest, ModelBundle, ModelId, Precision, Provenance, Weights, WeightsFile, sha256,
};

use crate::classifier::Labelled;
use crate::dataset::{Dataset, Split};
use crate::features::{Extractor, Features, Look, Output};
use crate::late::{self, Lesson};
use crate::recipe::{LateStages, Recipe};
use crate::{domain, imagenet};
use fitting::{Fitted, Validation};
use teacher::TeacherModel;

pub(crate) use photos::Photos;

/// Draws of the augmentation that validation is seen under, beside those of training.
const VAL_LOOKS: [u64; 2] = [1_000_001, 1_000_002];

/// The draw of the augmentation under which training's leaves show what another camera changes.
const DOMAIN_LOOK: u64 = 1_000_003;

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
    train_elsewhere: Vec<Features>,
    train_varied: Features,
    val: Features,
    val_varied: Vec<Features>,
}

impl<'a> Training<'a> {
    fn new(recipe: &'a Recipe, photos: &'a Photos, cache: &'a Path) -> Result<Self> {
        let classes = photos.dataset.classes();
        ensure!(classes.len() >= 2, "the photos show {} classes; a model needs two at least", classes.len());
        let (train, val) = (photos.dataset.split(Split::Train), photos.dataset.split(Split::Val));
        let (train_labels, val_labels) = (train.labels(&classes)?, val.labels(&classes)?);
        if let Some(domain) = recipe.domain {
            // Every photo gives a row as it is, one varied, and one a ground.
            let most = (2 + recipe.grounds as usize) * train.samples.len() - 1;
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
        rounded(between(trained, &start, late.share), self.recipe.precision)
    }

    /// Names a run by all that it learns from, so that a run is gone on with only where nothing has changed.
    fn run_key(&self, late: &LateStages, start: &Weights, lesson: &Lesson) -> Result<String> {
        // What is kept of the weights is decided after the run.
        let late = LateStages { share: 1.0, ..late.clone() };
        let how = serde_json::to_string(&(late, self.recipe.network, self.recipe.seed))?;
        let start = sha256(&start.clone().encode(Precision::F32)?);
        let mut key = sha256(format!("{how} {start} {}", lesson.sha256()).as_bytes());
        key.truncate(16);
        Ok(key)
    }

    fn lesson(&self, late: &LateStages, extractor: &Extractor) -> Result<Lesson> {
        let varied = (1..=late.views).map(|index| Look::Varied(self.recipe.augmentation, index));
        let elsewhere = (1..=self.recipe.grounds).map(Look::Elsewhere);
        let looks: Vec<Look> = std::iter::once(Look::Plain).chain(varied).chain(elsewhere).collect();
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
            train_elsewhere: (1..=self.recipe.grounds)
                .map(|index| embed(&self.train, Look::Elsewhere(index)))
                .collect::<Result<_>>()?,
            train_varied: embed(&self.train, varied(DOMAIN_LOOK))?,
            val: embed(&self.val, Look::Plain)?,
            val_varied: VAL_LOOKS.iter().map(|index| embed(&self.val, varied(*index))).collect::<Result<_>>()?,
        })
    }

    fn subspace(&self, seen: &Seen) -> Result<Option<Weights>> {
        let Some(how) = self.recipe.domain else {
            return Ok(None);
        };
        let parts: Vec<&Features> =
            [&seen.train, &seen.train_varied].into_iter().chain(&seen.train_elsewhere).collect();
        rounded(domain::subspace(&parts, how.rank)?, self.recipe.precision).map(Some)
    }

    /// Photos as they are and on other grounds teach the classifier alike.
    fn classifier(&self, seen: &Seen, subspace: Option<&Weights>) -> Result<Fitted> {
        let looks = 1 + seen.train_elsewhere.len();
        let features = Features {
            len: seen.train.len,
            values: std::iter::once(&seen.train)
                .chain(&seen.train_elsewhere)
                .flat_map(|rows| rows.values.iter().copied())
                .collect(),
        };
        let (labels, weights) = (self.train_labels.repeat(looks), self.train_weights.repeat(looks));
        let train = Labelled { features: &features, labels: &labels, weights: &weights };
        let val = Validation { plain: &seen.val, varied: &seen.val_varied, labels: &self.val_labels, subspace };
        fitting::classifier(self.recipe, self.classes.len(), train, &val)
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
            few_photos: FewPhotosCalibration::default(),
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

/// `trained` where `share` is 1, `start` where it is 0; what `start` lacks is all trained.
fn between(trained: Weights, start: &Weights, share: f32) -> Weights {
    trained.zip(start, |trained, start| {
        let values: Vec<f32> =
            trained.iter::<f32>().zip(start.iter::<f32>()).map(|(new, old)| old + share * (new - old)).collect();
        TensorData::new(values, trained.shape().to_vec())
    })
}

/// Weights as the bundle will hold them: training and validation see what users run.
fn rounded(weights: Weights, precision: Precision) -> Result<Weights> {
    Ok(Weights::parse(&weights.encode(precision)?, precision)?)
}
