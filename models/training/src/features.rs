//! Each photo's embedding by a frozen network, computed once and kept on disk.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use burn::tensor::{Device, TensorData};
use mango_inference::network::{EfficientNetLite, join_embedding};
use mango_inference::{NetworkInput, Photo, Precision, Preprocessing, Weights, sha256};
use rayon::prelude::*;

use crate::dataset::Dataset;
use crate::progress;

/// The embeddings of a photo set, row by row in the set's order.
#[derive(Clone, Debug, PartialEq)]
pub struct Features {
    /// Numbers a row.
    pub len: usize,
    /// The rows, joined.
    pub values: Vec<f32>,
}

/// A frozen network, named by the hash of its weights.
#[derive(Debug)]
pub struct Extractor {
    /// The network.
    pub trunk: EfficientNetLite,
    /// sha256 of its weights file.
    pub weights_sha256: String,
    /// Where it runs.
    pub device: Device,
}

impl Extractor {
    /// The embeddings of `dataset` under `preprocessing`, from `cache` if they are there.
    ///
    /// # Errors
    /// A photo that cannot be read or decoded; a cache that cannot be written.
    pub fn features(&self, dataset: &Dataset, preprocessing: Preprocessing, cache: &Path) -> Result<Features> {
        let file = cache.join("features").join(format!("{}.bpk", self.key(dataset, preprocessing)?));
        if let Ok(bytes) = fs::read(&file) {
            return Features::decode(&bytes, dataset.samples.len())
                .with_context(|| format!("delete {}", file.display()));
        }
        let features = self.extract(dataset, preprocessing)?;
        fs::create_dir_all(cache.join("features"))?;
        fs::write(&file, features.encode()?).with_context(|| format!("cannot write {}", file.display()))?;
        Ok(features)
    }

    fn key(&self, dataset: &Dataset, preprocessing: Preprocessing) -> Result<String> {
        let mut key = format!("{} {}", self.weights_sha256, serde_json::to_string(&preprocessing)?);
        for sample in &dataset.samples {
            key.push('\n');
            key.push_str(&sha256(&read_bytes(&dataset.root.join(&sample.path))?));
        }
        Ok(sha256(key.as_bytes()))
    }

    fn extract(&self, dataset: &Dataset, preprocessing: Preprocessing) -> Result<Features> {
        let bar = progress::bar(dataset.samples.len(), "embedding photos");
        let rows = dataset
            .samples
            .par_iter()
            .map(|sample| {
                let photo = read_photo(&dataset.root.join(&sample.path))?;
                let input = NetworkInput::batch(&[preprocessing.apply(&photo)?], &self.device)?;
                let row = join_embedding(self.trunk.forward(input)).into_data();
                bar.inc(1);
                row.try_to_vec::<f32>().map_err(|error| anyhow::anyhow!("{error:?}"))
            })
            .collect::<Result<Vec<_>>>()?;
        bar.finish_and_clear();
        Ok(Features { len: rows.first().map_or(0, Vec::len), values: rows.concat() })
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

    fn encode(&self) -> Result<Vec<u8>> {
        let mut weights = Weights::default();
        weights.insert("embeddings", TensorData::new(self.values.clone(), [self.rows(), self.len]));
        Ok(weights.encode(Precision::F32)?)
    }

    fn decode(bytes: &[u8], rows: usize) -> Result<Self> {
        let weights = Weights::parse(bytes, Precision::F32)?;
        let data = weights.get("embeddings").context("no embeddings")?;
        ensure!(data.shape()[0] == rows, "{} rows, not {rows}", data.shape()[0]);
        Ok(Self { len: data.shape()[1], values: data.iter::<f32>().collect() })
    }
}
