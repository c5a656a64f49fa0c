//! What a frozen network makes of each photo's view, computed once and kept on disk.

mod cache;

pub use cache::cached;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use burn::tensor::{Device, Tensor, TensorData};
use mango_inference::network::{EfficientNetLite, ViewMaps, join_embedding};
use mango_inference::{NetworkInput, Photo, Precision, Preprocessing, Weights, sha256};

use crate::photos::dataset::Dataset;
use crate::views::augment::Augmentation;
use crate::views::backdrop;

/// Rows of numbers, one for each photo of a set, in the set's order.
#[derive(Clone, Debug, PartialEq)]
pub struct Features {
    /// Numbers a row.
    pub len: usize,
    /// The rows, joined.
    pub values: Vec<f32>,
}

/// How a photo is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Look {
    /// As it is.
    Plain,
    /// As another camera, place and hour would show it; each index is another draw.
    Varied(Augmentation, u64),
    /// Its leaf on another ground; each index is another draw.
    Elsewhere(u64),
}

/// What is taken from the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// The joined embedding of the view.
    Embedding,
    /// The mean of the joined embeddings of all crops, from which a prediction is computed.
    MeanEmbedding,
    /// The map after so many stages, `[channels, height, width]`.
    Map(usize),
}

/// A frozen network and how photos are put into it.
#[derive(Debug)]
pub struct Extractor {
    trunk: EfficientNetLite,
    weights_sha256: String,
    preprocessing: Preprocessing,
    device: Device,
}

impl Extractor {
    /// A network with these weights; `trunk` gives their shape.
    ///
    /// # Errors
    /// The weights are not those of `trunk`.
    pub fn new(trunk: EfficientNetLite, weights: Weights, preprocessing: Preprocessing) -> Result<Self> {
        let weights_sha256 = sha256(&weights.clone().encode(Precision::F32)?);
        Ok(Self { trunk: weights.fill(trunk)?.packed(), weights_sha256, preprocessing, device: Device::flex() })
    }

    /// What the network makes of every photo of `dataset`, from `cache` if it is there.
    ///
    /// # Errors
    /// A photo that cannot be read or decoded; a cache that cannot be written.
    pub fn features(&self, dataset: &Dataset, look: Look, output: Output, cache: &Path) -> Result<Features> {
        let (preprocessing, output) = match output {
            // With one crop the mean is the embedding itself.
            Output::MeanEmbedding if self.preprocessing.crops.is_one() => (self.preprocessing, Output::Embedding),
            Output::MeanEmbedding => (self.preprocessing, output),
            Output::Embedding | Output::Map(_) => (self.preprocessing.of_one_crop(), output),
        };
        let key = format!("{} {} {output:?}", self.weights_sha256, serde_json::to_string(&preprocessing)?);
        cached(dataset, look, &key, cache, |photo| {
            let views = NetworkInput::batch(&preprocessing.crops(photo)?, &self.device)?;
            let data = match output {
                Output::Embedding | Output::MeanEmbedding => {
                    join_embedding(ViewMaps::of(&self.trunk, views)).mean_dim(0).into_data()
                }
                Output::Map(stages) => self.trunk.front(views.whole, stages).into_data(),
            };
            data.try_to_vec::<f32>().map_err(|error| anyhow::anyhow!("{error:?}"))
        })
    }

    /// Channels, height and width of the map after so many stages.
    #[must_use]
    pub fn map_shape(&self, stages: usize) -> [usize; 3] {
        let side = self.preprocessing.size as usize;
        let [_, channels, height, width] =
            self.trunk.front(Tensor::zeros([1, 3, side, side], &self.device), stages).dims();
        [channels, height, width]
    }
}

impl Look {
    /// The photo so looked at. What is drawn depends on the file's bytes, not on the photo's place in a list.
    fn at(self, photo: Photo, bytes: &[u8]) -> Photo {
        let seed = || {
            let digest = sha256(bytes);
            digest.get(..16).and_then(|hex| u64::from_str_radix(hex, 16).ok()).unwrap_or_default()
        };
        match self {
            Self::Plain => photo,
            Self::Varied(augmentation, index) => augmentation.view(&photo, seed() ^ index),
            Self::Elsewhere(index) => backdrop::elsewhere(&photo, seed() ^ index),
        }
    }
}

/// Reads and decodes one photo.
///
/// # Errors
/// Names the file.
pub fn read_photo(path: &Path) -> Result<Photo> {
    Photo::decode(&read_bytes(path)?).with_context(|| format!("cannot take {}", path.display()))
}

fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

impl Features {
    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.values.len() / self.len.max(1)
    }

    /// One row.
    #[must_use]
    pub fn row(&self, index: usize) -> &[f32] {
        &self.values[index * self.len..(index + 1) * self.len]
    }

    /// The rows that `keep` marks.
    #[must_use]
    pub fn only(&self, keep: &[bool]) -> Self {
        let kept = self.values.chunks_exact(self.len.max(1)).zip(keep).filter(|(_, keep)| **keep);
        Self { len: self.len, values: kept.flat_map(|(row, _)| row.iter().copied()).collect() }
    }

    /// All rows as a tensor `[rows, len]`.
    #[must_use]
    pub fn tensor(&self, device: &Device) -> Tensor<2> {
        Tensor::from_data(TensorData::new(self.values.clone(), [self.rows(), self.len]), device)
    }
}
