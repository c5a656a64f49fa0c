//! A loaded model that classifies photos.

mod classify;
mod learn;
mod rejection;

pub use learn::UseError;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use burn::tensor::{Device, Tensor, TensorData};

use crate::backend::Backend;
use crate::bundle::{BundleError, Manifest, ModelBundle};
use crate::catalog::{ClassId, GuildId};
use crate::few_photos::FewPhotos;
use crate::gallery::EmbeddingId;
use crate::network::{LeafNet, LeafOutput};
use crate::photo::Photo;
use crate::prediction::{CropEvidence, HeatMap, Observation, PoolError, Prediction, activation};
use crate::preprocess::{BatchError, NetworkInput, ResizeError, Views};
use crate::timing;

/// A loaded model. It can be shared between threads: a prediction does not change it.
#[derive(Clone, Debug)]
pub struct Predictor {
    manifest: Manifest,
    network: LeafNet,
    device: Device,
    guilds: BTreeMap<ClassId, GuildId>,
    few_photos: Option<Arc<FewPhotos>>,
    /// Computed on first use.
    embedding_id: Arc<OnceLock<EmbeddingId>>,
}

impl Predictor {
    /// Loads a bundle's weights onto a backend.
    ///
    /// # Errors
    /// [`BundleError::Field`] if the weights are not those of the manifest's architecture and classes.
    pub fn new(bundle: &ModelBundle, backend: Backend) -> Result<Self, BundleError> {
        let device = backend.device();
        let (manifest, network) = (bundle.manifest().clone(), bundle.network(&device)?);
        #[cfg(feature = "flex")]
        let network = if backend == Backend::Flex { network.packed() } else { network };
        Ok(Self { manifest, network, device, guilds: BTreeMap::new(), few_photos: None, embedding_id: Arc::default() })
    }

    /// The model's manifest.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Classifies a photo.
    ///
    /// # Errors
    /// [`PredictError`] if the photo cannot be resized or the backend fails.
    pub fn predict(&self, photo: &Photo) -> Result<Prediction, PredictError> {
        let _timing = timing::record();
        Ok(self.classify(&self.observe_photo(photo)?))
    }

    /// Classifies a photo, with the heat map of the first class over its crops, in as many forward
    /// passes as [`Predictor::predict`].
    ///
    /// # Errors
    /// Those of [`Predictor::predict`].
    pub fn explain(&self, photo: &Photo) -> Result<Prediction, PredictError> {
        Ok(self.explain_photo(photo)?.1)
    }

    /// The network's output for one photo, to be pooled with others, and the result of [`Predictor::explain`], from the
    /// same forward passes.
    ///
    /// # Errors
    /// Those of [`Predictor::predict`].
    pub fn explain_photo(&self, photo: &Photo) -> Result<(Observation, Prediction), PredictError> {
        let _timing = timing::record();
        let (mut embeddings, mut maps) = (Vec::new(), Vec::new());
        for input in self.inputs(photo)? {
            let (embedding, of_crop) = self.network.embed_with_maps(self.batch(&[input])?);
            embeddings.push(only(rows(embedding)?)?);
            maps.push(of_crop);
        }
        let observation = self.read(mean(&embeddings))?;
        let mut prediction = self.classify(&observation);
        if let Some(direction) = prediction.best().and_then(|best| self.direction(&best.id, &observation.embedding)) {
            let areas = self.manifest.preprocessing.crop_areas(photo);
            let heatmap = || {
                let evidence = |(maps, (area, mirrored))| {
                    let ([height, width], activation) = activation(maps, &direction);
                    Ok::<_, PredictError>(CropEvidence::new([width, height], finite(activation)?, area, mirrored))
                };
                let evidence: Vec<_> = maps.into_iter().zip(areas).map(evidence).collect::<Result<_, _>>()?;
                Ok::<_, PredictError>(HeatMap::joined(&evidence))
            };
            prediction.heatmap = timing::step(|| ("heat map".to_owned(), None), heatmap)?;
        }
        Ok((observation, prediction))
    }

    /// Classifies one to [`MAX_PHOTOS`](crate::MAX_PHOTOS) photos of the same plant together. Their order does not
    /// matter.
    ///
    /// # Errors
    /// [`PredictError::Pool`] if there are too few or too many photos, and those of [`Predictor::predict`].
    pub fn predict_many(&self, photos: &[Photo]) -> Result<Prediction, PredictError> {
        let _timing = timing::record();
        PoolError::check_count(photos.len())?;
        let observations = photos.iter().map(|photo| self.observe_photo(photo)).collect::<Result<Vec<_>, _>>()?;
        Ok(self.classify(&Observation::pool(&observations)?))
    }

    /// The network's output for one photo: that of the mean embedding of its crops.
    ///
    /// # Errors
    /// Those of [`Predictor::predict`].
    pub fn observe_photo(&self, photo: &Photo) -> Result<Observation, PredictError> {
        let _timing = timing::record();
        self.read(mean(&self.embeddings(&self.inputs(photo)?)?))
    }

    /// The network's output for each input, in one forward pass.
    ///
    /// # Errors
    /// [`PredictError::Batch`] if there is no input or their sizes differ, [`PredictError::Backend`] if the backend
    /// returns values that are not finite.
    pub fn observe(&self, inputs: &[NetworkInput]) -> Result<Vec<Observation>, PredictError> {
        let _timing = timing::record();
        self.observations(self.network.forward(self.batch(inputs)?))
    }

    /// The out-of-domain score, 1 being a typical mango leaf; `None` if the model has no such score.
    #[must_use]
    pub fn out_of_domain(&self, observation: &Observation) -> Option<f32> {
        Some(self.manifest.domain?.score(observation.distance?))
    }

    /// The embedding of each input. A forward pass for each needs less memory than a batch, and reuses it.
    fn embeddings(&self, inputs: &[NetworkInput]) -> Result<Vec<Vec<f32>>, PredictError> {
        let embed = |input| only(rows(self.network.embed(self.batch(std::slice::from_ref(input))?))?);
        inputs.iter().map(embed).collect()
    }

    /// The output that belongs to an embedding of this model's length.
    fn read(&self, embedding: Vec<f32>) -> Result<Observation, PredictError> {
        let row = TensorData::new(embedding, [1, self.manifest.embedding_len()]);
        let embedding = Tensor::from_data(row, &self.device);
        let (logits, distance) = self.network.read(embedding.clone());
        only(self.observations(LeafOutput { logits, embedding, distance })?)
    }

    fn inputs(&self, photo: &Photo) -> Result<Vec<NetworkInput>, ResizeError> {
        let name = || (format!("resize {}x{}", photo.width(), photo.height()), None);
        timing::step(name, || self.manifest.preprocessing.crops(photo))
    }

    fn batch(&self, inputs: &[NetworkInput]) -> Result<Views, BatchError> {
        timing::step(|| ("input".to_owned(), None), || NetworkInput::batch(inputs, &self.device))
    }

    /// Each input's logits, embedding and distance.
    fn observations(&self, output: LeafOutput) -> Result<Vec<Observation>, PredictError> {
        let (outputs, embeddings) = (rows(output.logits)?, rows(output.embedding)?);
        let distances = output.distance.map(|distance| rows(column(distance))).transpose()?;
        let mut distances = distances.into_iter().flatten().flatten();
        let mut observations = Vec::with_capacity(outputs.len());
        for (outputs, embedding) in outputs.into_iter().zip(embeddings) {
            let (logits, others) = self.split_outputs(outputs);
            observations.push(Observation { logits, others, embedding, distance: distances.next() });
        }
        Ok(observations)
    }

    /// Splits the outputs into logits of the classes and of the rejection outputs.
    fn split_outputs(&self, mut outputs: Vec<f32>) -> (Vec<f32>, Vec<f32>) {
        let others = outputs.split_off(self.manifest.classes.len().min(outputs.len()));
        (outputs, others)
    }
}

/// The mean of embeddings of the same length.
fn mean(embeddings: &[Vec<f32>]) -> Vec<f32> {
    let mut mean = vec![0.0f32; embeddings.first().map_or(0, Vec::len)];
    for embedding in embeddings {
        for (mean, value) in mean.iter_mut().zip(embedding) {
            *mean += value / embeddings.len() as f32;
        }
    }
    mean
}

/// The result of a batch of one.
fn only<T>(results: Vec<T>) -> Result<T, PredictError> {
    results.into_iter().next().ok_or(PredictError::Batch(BatchError))
}

/// Reshapes `[n]` to `[n, 1]`.
fn column(numbers: Tensor<1>) -> Tensor<2> {
    let [n] = numbers.dims();
    numbers.reshape([n, 1])
}

/// The rows of a tensor `[n, m]`, checked to be finite.
fn rows(tensor: Tensor<2>) -> Result<Vec<Vec<f32>>, PredictError> {
    let [_, columns] = tensor.dims();
    let values = tensor.into_data().try_to_vec::<f32>().map_err(|error| PredictError::Backend(format!("{error:?}")))?;
    Ok(finite(values)?.chunks(columns.max(1)).map(<[f32]>::to_vec).collect())
}

fn finite(values: Vec<f32>) -> Result<Vec<f32>, PredictError> {
    if values.iter().all(|value| value.is_finite()) {
        Ok(values)
    } else {
        Err(PredictError::Backend("the network's output is not finite".to_owned()))
    }
}

/// A prediction failed, and not because of the photo.
#[derive(Debug, thiserror::Error)]
pub enum PredictError {
    /// The backend gave no usable result.
    #[error("the model failed: {0}")]
    Backend(String),
    /// The inputs do not make a batch.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// The photos do not make one prediction.
    #[error(transparent)]
    Pool(#[from] PoolError),
    /// The photo could not be resized.
    #[error(transparent)]
    Resize(#[from] ResizeError),
}
