//! A model that answers photos.

use burn::tensor::{Device, Tensor};

use crate::backend::Backend;
use crate::bundle::{BundleError, Manifest, ModelBundle};
use crate::network::{LeafNet, LeafOutput};
use crate::photo::Photo;
use crate::prediction::{Prediction, RankedClass};
use crate::preprocess::{NetworkInput, ResizeError};

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
        let logits = self.logits(&[input])?;
        Ok(self.judge(logits.first().map_or(&[], Vec::as_slice)))
    }

    /// The logits of each input, in the order of the manifest's classes.
    ///
    /// # Errors
    /// [`PredictError::Backend`] if the backend gives no finite numbers.
    pub fn logits(&self, inputs: &[NetworkInput]) -> Result<Vec<Vec<f32>>, PredictError> {
        rows(self.forward(inputs).logits)
    }

    /// The embedding of each input.
    ///
    /// # Errors
    /// [`PredictError::Backend`] if the backend gives no finite numbers.
    pub fn embeddings(&self, inputs: &[NetworkInput]) -> Result<Vec<Vec<f32>>, PredictError> {
        rows(self.forward(inputs).embedding)
    }

    /// Ranks and judges one photo's logits.
    #[must_use]
    pub fn judge(&self, logits: &[f32]) -> Prediction {
        let Manifest { model, classes, calibration, .. } = &self.manifest;
        let mut ranking: Vec<RankedClass> = classes
            .iter()
            .zip(calibration.probabilities(logits))
            .map(|(id, probability)| RankedClass { id: id.clone(), probability })
            .collect();
        ranking.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        let best = ranking.first().map_or(0.0, |class| class.probability);
        Prediction { model: model.clone(), verdict: calibration.verdict(best), classes: ranking }
    }

    fn forward(&self, inputs: &[NetworkInput]) -> LeafOutput {
        self.network.forward(NetworkInput::batch(inputs, &self.device))
    }
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
    /// The photo could not be resized.
    #[error(transparent)]
    Resize(#[from] ResizeError),
}
