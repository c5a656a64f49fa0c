//! One training: all sources, or all but the one that is held out.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use burn::tensor::{Device, TensorData};
use mango_inference::network::EfficientNetLite;
use mango_inference::{Precision, Weights, sha256};

use super::confidence::{Answer, Known};
use super::fitting::{self, Classifier};
use super::photos::Photos;
use super::rounded;
use super::teacher::TeacherModel;
use crate::head::domain;
use crate::photos::dataset::Split;
use crate::photos::sources::{Collection, Source, Target};
use crate::recipe::Recipe;
use crate::trunk::features::{Extractor, Features, Look, Output};
use crate::trunk::fine_tuning::{self, FineTuning, Material};
use crate::trunk::imagenet;
use crate::trunk::late::{self, LateStages, Lesson};

/// Draws of the augmentation that validation is seen under, beside those of training.
const VAL_LOOKS: [u64; 2] = [1_000_001, 1_000_002];

/// The draw of the augmentation under which training's photos show what another camera changes.
const DOMAIN_LOOK: u64 = 1_000_003;

/// A fold learns from at most so many photos of a class of a source: it is there to fit confidence, and its features
/// are computed for it alone.
const FOLD_PHOTOS: usize = 150;

/// A trained network, classifier and subspace, and what they were trained on.
pub(super) struct Fold<'a> {
    recipe: &'a Recipe,
    photos: &'a Photos,
    held_out: Option<Source>,
    cache: &'a Path,
    train: Collection,
    targets: Vec<Target>,
    weights: Vec<f32>,
    trunk: Weights,
    extractor: Option<Extractor>,
    subspace: Option<Weights>,
    typical: Option<f32>,
    classifier: Classifier,
}

impl<'a> Fold<'a> {
    /// Trains on every source but `held_out`.
    pub(super) fn train(
        recipe: &'a Recipe,
        photos: &'a Photos,
        held_out: Option<Source>,
        cache: &'a Path,
    ) -> Result<Self> {
        let mut fold = Self::untrained(recipe, photos, held_out, cache)?;
        fold.trunk = fold.trained_trunk()?;
        let extractor = fold.extractor_of(fold.trunk.clone())?;
        fold.extractor = Some(extractor);
        fold.fit()?;
        Ok(fold)
    }

    /// The fold with its photos, before anything is trained.
    fn untrained(recipe: &'a Recipe, photos: &'a Photos, held_out: Option<Source>, cache: &'a Path) -> Result<Self> {
        let train = photos.collection.split(Split::Train).filter(|source, _| Some(source) != held_out);
        let train = if held_out.is_some() { thinned(&train, FOLD_PHOTOS) } else { train };
        ensure!(!train.is_empty(), "no photos to train on");
        let targets = targets(photos, &train)?;
        let weights = train.weights(recipe.classifier.balance);
        Ok(Self {
            recipe,
            photos,
            held_out,
            cache,
            train,
            targets,
            weights,
            trunk: Weights::default(),
            extractor: None,
            subspace: None,
            typical: None,
            classifier: Classifier::default(),
        })
    }

    pub(super) fn trunk(&self) -> &Weights {
        &self.trunk
    }

    pub(super) fn classifier(&self) -> &Weights {
        &self.classifier.weights
    }

    pub(super) fn subspace(&self) -> Option<&Weights> {
        self.subspace.as_ref()
    }

    pub(super) fn decay(&self) -> f64 {
        self.classifier.decay
    }

    /// What the fold makes of validation's photos of the sources that it was trained on, as they are and varied.
    pub(super) fn validation(&self) -> Result<Known> {
        let (classifier, val) = (&self.classifier.weights, self.val());
        let varied = VAL_LOOKS
            .iter()
            .map(|index| self.answers(classifier, &val, Look::Varied(self.recipe.augmentation, *index)))
            .collect::<Result<Vec<_>>>()?;
        let keep = self.recipe.domain.map(|domain| domain.keep);
        Ok(Known {
            plain: self.answers(classifier, &val, Look::Plain)?,
            varied: varied.concat(),
            typical: self.typical,
            keep,
        })
    }

    /// What the fold makes of all photos of the source that was held out.
    pub(super) fn unseen(&self) -> Result<Vec<Answer>> {
        let held_out = self.held_out.context("no source was held out")?;
        let photos = self.photos.collection.filter(|source, sample| source == held_out && sample.split != Split::Test);
        let mut answers = self.answers(&self.classifier.weights, &photos, Look::Plain)?;
        let known = |target: &Target| self.targets.iter().any(|other| other == target);
        for answer in &mut answers {
            answer.known = known(&answer.target);
        }
        Ok(answers)
    }

    fn answers(&self, classifier: &Weights, photos: &Collection, look: Look) -> Result<Vec<Answer>> {
        let features = self.features(photos, look, Output::MeanEmbedding)?;
        let outputs = self.photos.outputs.len();
        let classes = self.photos.outputs.classes().len();
        let logits = fitting::logits(classifier, &features, outputs)?;
        let distances = self.subspace.as_ref().map(|subspace| domain::distances(subspace, &features)).transpose()?;
        let targets = targets(self.photos, photos)?;
        let rows = logits.into_iter().zip(targets).zip(&photos.photos.samples).enumerate();
        Ok(rows
            .map(|(row, ((mut logits, target), sample))| {
                let others = logits.split_off(classes);
                let distance = distances.as_ref().and_then(|distances| distances.get(row));
                let score = distance.zip(self.typical).map(|(distance, typical)| distance / typical);
                let out_of_domain = score.map(|score| score.max(mango_inference::Domain::NEAREST));
                Answer { logits, others, out_of_domain, target, group: sample.group.clone(), known: true }
            })
            .collect())
    }

    fn features(&self, photos: &Collection, look: Look, output: Output) -> Result<Features> {
        let extractor = self.extractor.as_ref().context("the network is not trained yet")?;
        extractor.features(&photos.photos, look, output, self.cache)
    }

    /// Fits the subspace and the classifier to the embeddings.
    fn fit(&mut self) -> Result<()> {
        let plain = self.features(&self.train, Look::Plain, Output::Embedding)?;
        let varied = (1..=self.recipe.varied).map(|index| Look::Varied(self.recipe.augmentation, index));
        let elsewhere = (1..=self.recipe.grounds).map(Look::Elsewhere);
        let looks = varied
            .chain(elsewhere)
            .map(|look| self.features(&self.train, look, Output::Embedding))
            .collect::<Result<Vec<_>>>()?;
        let all: Vec<&Features> = std::iter::once(&plain).chain(&looks).collect();
        if let Some(how) = self.recipe.domain {
            let mango: Vec<bool> = self.targets.iter().map(|target| self.is_mango(target)).collect();
            let other_cameras =
                self.features(&self.train, Look::Varied(self.recipe.augmentation, DOMAIN_LOOK), Output::Embedding)?;
            let seen = all.iter().copied().chain(std::iter::once(&other_cameras));
            let parts: Vec<Features> = seen.map(|rows| rows.only(&mango)).collect();
            let parts: Vec<&Features> = parts.iter().collect();
            let rows: usize = parts.iter().map(|rows| rows.rows()).sum();
            ensure!(how.rank < rows, "domain.rank is {}: for so few photos {} at most", how.rank, rows - 1);
            let subspace = rounded(domain::subspace(&parts, how.rank)?, self.recipe.precision)?;
            let val = self.val();
            let of_val = targets(self.photos, &val)?.iter().map(|target| self.is_mango(target)).collect::<Vec<_>>();
            let val = self.features(&val, Look::Plain, Output::MeanEmbedding)?.only(&of_val);
            self.typical = Some(domain::typical(&domain::distances(&subspace, &val)?)?);
            self.subspace = Some(subspace);
        }
        let joined =
            Features { len: plain.len, values: all.iter().flat_map(|rows| rows.values.iter().copied()).collect() };
        let targets: Vec<Target> = std::iter::repeat_n(&self.targets, all.len()).flatten().cloned().collect();
        let mut weights = self.weights.clone();
        for _ in &looks {
            weights.extend(self.weights.iter().map(|weight| weight * self.recipe.view_weight));
        }
        self.classifier = fitting::classifier(self.recipe, &joined, &targets, &weights, |classifier| {
            self.answers(classifier, &self.val(), Look::Plain)
        })?;
        Ok(())
    }

    /// Validation's photos of the sources that the fold is trained on.
    fn val(&self) -> Collection {
        self.photos.collection.split(Split::Val).filter(|source, _| Some(source) != self.held_out)
    }

    fn is_mango(&self, target: &Target) -> bool {
        target.iter().take(self.photos.outputs.classes().len()).any(|allowed| *allowed)
    }

    /// The trunk's weights, trained as the recipe says, rounded as the bundle will hold them.
    fn trained_trunk(&self) -> Result<Weights> {
        let architecture = self.recipe.network.architecture();
        let shape = Weights::of(&EfficientNetLite::new(&architecture, &Device::flex()));
        let begin = match &self.recipe.begin_with {
            Some(recipe) => self.trunk_of(&Recipe::load(recipe, None)?)?,
            None => imagenet::load(self.cache)?.under("trunk"),
        };
        let head = self.recipe.network.has_imagenet_head();
        let begin = if head { begin } else { begin.without("head") };
        let begin = shape.zip(&begin, |_, begin| begin.clone());
        let tuned = match &self.recipe.fine_tuning {
            Some(how) => self.fine_tuned(how, &begin)?,
            None => begin,
        };
        let Some(late) = &self.recipe.late else {
            return rounded(tuned, self.recipe.precision);
        };
        // The teacher has learnt from the source that is held out.
        let teacher = late.teacher.clone().filter(|_| self.held_out.is_none());
        let late = &LateStages { teacher, ..late.clone() };
        let extractor = self.extractor_of(tuned.clone())?;
        let start = if head { tuned } else { tuned.without("head") };
        let lesson = self.lesson(late, &extractor)?;
        let folder = self.cache.join("runs").join(self.run_key(late, &start, &lesson)?);
        let trained = late::train(&architecture, &start, &lesson, late, self.recipe.seed, &folder)?;
        rounded(between(trained, &start, late.share), self.recipe.precision)
    }

    /// The trunk that another recipe trains on the same photos, without the held-out source too.
    fn trunk_of(&self, recipe: &Recipe) -> Result<Weights> {
        ensure!(
            recipe.begin_with.is_none(),
            "begin_with names the recipe of {}, which has a begin_with itself",
            recipe.model
        );
        Fold::untrained(recipe, self.photos, self.held_out, self.cache)?.trained_trunk()
    }

    fn fine_tuned(&self, how: &FineTuning, begin: &Weights) -> Result<Weights> {
        let architecture = self.recipe.network.architecture();
        let material = Material {
            photos: &self.train,
            weights: &self.weights,
            outputs: &self.photos.outputs,
            augmentation: self.recipe.augmentation,
            view: self.recipe.view,
        };
        // A fold learns from about half of the photos: half of the steps show it each as often.
        let steps = if self.held_out.is_some() { how.steps.div_ceil(2) } else { how.steps };
        let how = &FineTuning { steps, ..how.clone() };
        // What is kept of the weights is decided after the run.
        let named = FineTuning { share: 1.0, ..how.clone() };
        let begun = sha256(&begin.clone().encode(Precision::F32)?);
        let paths: Vec<&str> = self.train.photos.samples.iter().map(|sample| sample.path.as_str()).collect();
        let augmentation = serde_json::to_string(&self.recipe.augmentation)?;
        let how_json = serde_json::to_string(&(named, self.recipe.network, self.recipe.view, self.recipe.seed))?;
        let mut key = sha256(format!("{how_json} {augmentation} {begun} {paths:?}").as_bytes());
        key.truncate(16);
        let folder = self.cache.join("runs").join(key);
        let trained = fine_tuning::train(&architecture, begin, &material, how, self.recipe.seed, &folder)?;
        Ok(between(trained, begin, how.share))
    }

    /// Names a run by all that it learns from, so that a run is resumed only where nothing has changed.
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
        let teacher =
            late.teacher.as_ref().map(|teacher| TeacherModel::load(teacher, &self.photos.outputs)).transpose()?;
        let mut lesson = Lesson {
            maps: Vec::new(),
            map_shape: extractor.map_shape(late.frozen_stages),
            targets: self.targets.clone(),
            weights: self.weights.clone(),
            teacher_logits: Vec::new(),
            teacher_embeddings: Vec::new(),
            outputs: self.photos.outputs.len(),
        };
        let photos = &self.train.photos;
        for look in looks {
            lesson.maps.push(extractor.features(photos, look, Output::Map(late.frozen_stages), self.cache)?);
            if let Some(teacher) = &teacher {
                let (logits, embeddings) = teacher.answers(photos, look, self.cache)?;
                lesson.teacher_logits.push(logits);
                lesson.teacher_embeddings.push(embeddings);
            }
        }
        Ok(lesson)
    }

    fn extractor_of(&self, trunk: Weights) -> Result<Extractor> {
        let network = EfficientNetLite::new(&self.recipe.network.architecture(), &Device::flex());
        Extractor::new(network, trunk, self.recipe.preprocessing())
    }
}

fn targets(photos: &Photos, collection: &Collection) -> Result<Vec<Target>> {
    collection.photos.samples.iter().map(|sample| photos.outputs.target(sample.class.as_str())).collect()
}

/// At most `most` photos of each class of each source, evenly spread over the list.
fn thinned(photos: &Collection, most: usize) -> Collection {
    let mut counts = std::collections::HashMap::<(Source, String), usize>::new();
    for (source, sample) in photos.sources.iter().zip(&photos.photos.samples) {
        *counts.entry((*source, sample.class.to_string())).or_default() += 1;
    }
    let mut seen = std::collections::HashMap::<(Source, String), usize>::new();
    photos.filter(|source, sample| {
        let key = (source, sample.class.to_string());
        let count = counts[&key];
        let place = seen.entry(key).or_default();
        *place += 1;
        // The place-th of `count` photos is kept where the number of kept ones rises.
        count <= most || *place * most / count > (*place - 1) * most / count
    })
}

/// `trained` where `share` is 1, `start` where it is 0; what `start` lacks is all trained.
fn between(trained: Weights, start: &Weights, share: f32) -> Weights {
    trained.zip(start, |trained, start| {
        let values: Vec<f32> =
            trained.iter::<f32>().zip(start.iter::<f32>()).map(|(new, old)| old + share * (new - old)).collect();
        TensorData::new(values, trained.shape().to_vec())
    })
}
