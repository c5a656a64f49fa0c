//! A model that answers photos.

use burn::tensor::{Device, Tensor};

use crate::backend::Backend;
use crate::bundle::{BundleError, Manifest, ModelBundle};
use crate::network::LeafNet;
use crate::photo::Photo;
use crate::prediction::{Prediction, RankedClass, Verdict};
use crate::preprocess::{BatchError, NetworkInput, ResizeError};

/// A loaded model. Shared freely between threads: a prediction changes nothing in it.
#[derive(Clone, Debug)]
pub struct Predictor {
    manifest: Manifest,
    network: LeafNet,
    device: Device,
}

impl Predictor {
    /// Loads a bundle's weights onto a backend.
    ///
    /// # Errors
    /// [`BundleError::Field`] if the weights are not those of the manifest's architecture and classes.
    pub fn new(bundle: &ModelBundle, backend: Backend) -> Result<Self, BundleError> {
        let device = backend.device();
        Ok(Self { manifest: bundle.manifest().clone(), network: bundle.network(&device)?, device })
    }

    /// What the model's manifest states.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Names what a photo shows.
    ///
    /// # Errors
    /// [`PredictError`] if the photo cannot be resized or the backend gives no numbers.
    pub fn predict(&self, photo: &Photo) -> Result<Prediction, PredictError> {
        let input = self.manifest.preprocessing.apply(photo)?;
        let observations = self.observe(&[input])?;
        observations.first().map(|observation| self.judge(observation)).ok_or(PredictError::Batch(BatchError))
    }

    /// What the network makes of each input, in one forward pass.
    ///
    /// # Errors
    /// [`PredictError::Batch`] if there is no input or their sizes differ, [`PredictError::Backend`] if the backend
    /// gives no finite numbers.
    pub fn observe(&self, inputs: &[NetworkInput]) -> Result<Vec<Observation>, PredictError> {
        let output = self.network.forward(NetworkInput::batch(inputs, &self.device)?);
        let (logits, embeddings) = (rows(output.logits)?, rows(output.embedding)?);
        let distances = output.distance.map(|distance| rows(distance.unsqueeze_dim(1))).transpose()?;
        let mut distances = distances.into_iter().flatten().flatten();
        let observed = logits.into_iter().zip(embeddings);
        Ok(observed.map(|(logits, embedding)| Observation { logits, embedding, distance: distances.next() }).collect())
    }

    /// How far the photo is from the mango leaves that the model knows, 1 being a typical one; nothing if the model
    /// has no score for it.
    #[must_use]
    pub fn out_of_domain(&self, observation: &Observation) -> Option<f32> {
        Some(self.manifest.domain?.score(observation.distance?))
    }

    /// Ranks the classes and gives the verdict.
    #[must_use]
    pub fn judge(&self, observation: &Observation) -> Prediction {
        let Manifest { model, classes, calibration, domain, .. } = &self.manifest;
        let out_of_domain = self.out_of_domain(observation);
        let mut ranking: Vec<RankedClass> = classes
            .iter()
            .zip(calibration.probabilities(&observation.logits, out_of_domain))
            .map(|(id, probability)| RankedClass { id: id.clone(), probability })
            .collect();
        ranking.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        let best = ranking.first().map_or(0.0, |class| class.probability);
        let outside = out_of_domain.zip(*domain).is_some_and(|(score, domain)| score > domain.limit);
        let verdict = if outside { Verdict::NotMangoLeaf } else { calibration.verdict(best) };
        Prediction { model: model.clone(), verdict, out_of_domain, classes: ranking }
    }
}

/// What the network makes of one photo.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// A number a class, in the manifest's order, before temperature and softmax.
    pub logits: Vec<f32>,
    /// The joined embedding that the logits were read from.
    pub embedding: Vec<f32>,
    /// How far the embedding lies from those of mango leaves, in the network's own measure.
    pub distance: Option<f32>,
}

/// A tensor `[n, m]` as n rows of finite numbers.
fn rows(tensor: Tensor<2>) -> Result<Vec<Vec<f32>>, PredictError> {
    let [_, columns] = tensor.dims();
    let values = tensor.into_data().try_to_vec::<f32>().map_err(|error| PredictError::Backend(format!("{error:?}")))?;
    if values.iter().any(|value| !value.is_finite()) {
        return Err(PredictError::Backend("the network put out a number that is not finite".to_owned()));
    }
    Ok(values.chunks(columns.max(1)).map(<[f32]>::to_vec).collect())
}

/// A photo that could not be answered through no fault of its sender.
#[derive(Debug, thiserror::Error)]
pub enum PredictError {
    /// The backend gave no usable numbers.
    #[error("the model failed: {0}")]
    Backend(String),
    /// The inputs do not make a batch.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// The photo could not be resized.
    #[error(transparent)]
    Resize(#[from] ResizeError),
}
