//! A bundle that classifies whole photo sets, with the code that users run.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use mango_inference::{Backend, ClassId, Manifest, ModelBundle, Observation, Photo, Predictor, Verdict};
use rayon::prelude::*;

use super::metrics::{Judged, highest};
use crate::photos::dataset::Dataset;
use crate::progress;
use crate::trunk::features::read_photo;

/// A loaded bundle for evaluation.
#[derive(Debug)]
pub struct Model {
    predictor: Predictor,
}

impl From<Predictor> for Model {
    fn from(predictor: Predictor) -> Self {
        Self { predictor }
    }
}

/// A model's answer for one photo.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Calibrated probability of each class, in the order of [`Predictor::classes`].
    pub probabilities: Vec<f32>,
    /// The verdict.
    pub verdict: Verdict,
    /// The out-of-domain score that [`Model::score_name`] describes.
    pub out_of_domain: f32,
    /// Calibrated probability that a leaf has any symptom, if the model has it.
    pub symptom: Option<f32>,
}

impl Model {
    /// Loads a bundle.
    ///
    /// # Errors
    /// The folder holds no bundle that this build can use.
    pub fn load(bundle: &Path) -> Result<Self> {
        let loaded = ModelBundle::load(bundle).with_context(|| format!("cannot use {}", bundle.display()))?;
        Self::new(&loaded)
    }

    /// A model from a loaded bundle.
    ///
    /// # Errors
    /// Its weights do not match its manifest.
    pub fn new(bundle: &ModelBundle) -> Result<Self> {
        Ok(Self { predictor: Predictor::new(bundle, Backend::default())? })
    }

    /// The predictor.
    #[must_use]
    pub fn predictor(&self) -> &Predictor {
        &self.predictor
    }

    /// The bundle's manifest.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        self.predictor.manifest()
    }

    /// Name and version.
    #[must_use]
    pub fn name(&self) -> String {
        let model = &self.manifest().model;
        format!("{} {}", model.name, model.version)
    }

    /// Classifies one photo.
    ///
    /// # Errors
    /// The photo cannot be resized or the backend fails.
    pub fn answer(&self, photo: &Photo) -> Result<Answer> {
        Ok(self.answer_observation(&self.predictor.observe_photo(photo)?))
    }

    /// Classifies an observation: galleries change the answer, not the network's output.
    #[must_use]
    pub fn answer_observation(&self, observation: &Observation) -> Answer {
        let prediction = self.predictor.classify(observation);
        let probability = |class: &ClassId| prediction.classes.iter().find(|ranked| ranked.id == *class);
        let probabilities: Vec<f32> = self
            .predictor
            .classes()
            .iter()
            .map(|class| probability(class).map_or(0.0, |ranked| ranked.probability))
            .collect();
        let highest = probabilities.iter().copied().fold(0.0, f32::max);
        let out_of_domain = prediction.out_of_domain.unwrap_or(1.0 - highest);
        let symptom = prediction.symptom.map(|symptom| symptom.probability);
        Answer { probabilities, verdict: prediction.verdict, out_of_domain, symptom }
    }

    /// Classifies the photo in each file, in the files' order.
    ///
    /// # Errors
    /// Names the first file that cannot be decoded.
    pub fn answer_files(&self, files: &[PathBuf], what: &'static str) -> Result<Vec<Answer>> {
        let bar = progress::bar(files.len(), what);
        let answers = files
            .par_iter()
            .map(|file| {
                let answer = self.answer(&read_photo(file)?)?;
                bar.inc(1);
                Ok(answer)
            })
            .collect();
        bar.finish_and_clear();
        answers
    }

    /// The network's output for the photo in each file, in the files' order.
    ///
    /// # Errors
    /// Names the first file that cannot be decoded.
    pub fn observe_files(&self, files: &[PathBuf], what: &'static str) -> Result<Vec<Observation>> {
        let bar = progress::bar(files.len(), what);
        let observed = files
            .par_iter()
            .map(|file| {
                let observation = self.predictor.observe_photo(&read_photo(file)?)?;
                bar.inc(1);
                Ok(observation)
            })
            .collect();
        bar.finish_and_clear();
        observed
    }

    /// Classifies every photo of a set and compares the answers with its labels.
    ///
    /// # Errors
    /// A photo that cannot be decoded, or of a class that the model does not have.
    pub fn judge(&self, dataset: &Dataset, what: &'static str) -> Result<(Vec<Judged>, Vec<Answer>)> {
        let labels = dataset.labels(&self.manifest().classes)?;
        let answers = self.answer_files(&dataset.paths(), what)?;
        let judged = dataset.samples.iter().zip(labels).zip(&answers);
        let judged = judged.map(|((sample, truth), answer)| answer.judged(truth, &sample.group)).collect();
        Ok((judged, answers))
    }

    /// A description of [`Answer::out_of_domain`] for this bundle.
    #[must_use]
    pub fn score_name(&self) -> &'static str {
        if self.manifest().domain.is_some() {
            "the bundle's own, 1 being a typical mango leaf"
        } else {
            "1 − highest calibrated probability (the bundle has no score of its own)"
        }
    }
}

impl Answer {
    /// Index of the most probable class.
    #[must_use]
    pub fn best(&self) -> usize {
        highest(&self.probabilities)
    }

    /// Index of the most probable of some classes; the first of equals.
    #[must_use]
    pub fn best_among(&self, classes: impl IntoIterator<Item = usize>) -> usize {
        let higher = |a: usize, b: usize| if self.probabilities[b] > self.probabilities[a] { b } else { a };
        classes.into_iter().reduce(higher).unwrap_or_default()
    }

    /// The answer compared with the true class.
    #[must_use]
    pub fn judged(&self, truth: usize, group: &str) -> Judged {
        let predicted = self.best();
        let probability = self.probabilities[predicted];
        Judged { truth, predicted, probability, verdict: self.verdict, group: group.to_owned() }
    }
}
