//! Imports PyTorch weights: renames parameters and folds batch norm.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use burn::module::Module;
use burn::nn::{Initializer, Linear, LinearConfig};
use burn::tensor::{Device, Tensor, TensorData};
use burn_store::pytorch_reader::PytorchReader;
use mango_inference::network::{Architecture, EfficientNetLite, global_mean};
use mango_inference::{Precision, Weights};

use super::fetch;

/// EfficientNet-Lite0 for ImageNet: the trunk and a linear classifier on the head's mean.
#[derive(Module, Debug)]
pub struct ImageNetClassifier {
    /// The convolutions.
    pub trunk: EfficientNetLite,
    classifier: Linear,
}

impl ImageNetClassifier {
    /// Number of classes, in sorted wnid order.
    pub const CLASSES: usize = 1000;

    fn new(device: &Device) -> Self {
        let architecture = Architecture::lite0();
        Self {
            trunk: EfficientNetLite::new(&architecture, device),
            classifier: LinearConfig::new(architecture.head.unwrap_or_default(), Self::CLASSES)
                .with_initializer(Initializer::Zeros)
                .init(device),
        }
    }

    /// The classifier with its trunk's weights packed: see [`EfficientNetLite::packed`].
    #[must_use]
    pub fn packed(self) -> Self {
        Self { trunk: self.trunk.packed(), ..self }
    }

    /// Logits `[n, 1000]` of a normalised batch `[n, 3, h, w]`.
    ///
    /// # Errors
    /// The trunk has no head.
    pub fn forward(&self, input: Tensor<4>) -> Result<Tensor<2>> {
        let head = self.trunk.forward(input).head.context("EfficientNet-Lite0 has a head")?;
        Ok(self.classifier.forward(global_mean(head)))
    }
}

/// Imports the fetched `.pth` into `imagenet.bpk` in `cache`, fetching it if needed. Returns the file's path.
///
/// # Errors
/// A tensor is missing or of an unexpected shape.
pub fn import(cache: &Path) -> Result<PathBuf> {
    let pth = fetch(cache)?;
    let reader = PytorchReader::new(&pth).map_err(|error| anyhow::anyhow!("cannot read {}: {error}", pth.display()))?;
    let weights = Importer { reader }.weights()?;
    // Filling a network checks that every tensor exists, has its shape and is finite.
    weights.clone().fill(ImageNetClassifier::new(&Device::flex()))?;
    let path = cache.join("imagenet.bpk");
    fs::write(&path, weights.encode(Precision::F32)?).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// The imported weights. They are imported on each call: it takes a second, and the file is never stale.
///
/// # Errors
/// Those of [`import`].
pub fn load(cache: &Path) -> Result<Weights> {
    let path = import(cache)?;
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Weights::parse(&bytes, Precision::F32).with_context(|| format!("{} was not written whole", path.display()))
}

/// The classifier with its weights.
///
/// # Errors
/// Those of [`load`].
pub fn classifier(cache: &Path, device: &Device) -> Result<ImageNetClassifier> {
    Ok(load(cache)?.fill(ImageNetClassifier::new(device))?)
}

struct Importer {
    reader: PytorchReader,
}

impl Importer {
    fn weights(&self) -> Result<Weights> {
        let mut weights = Weights::default();
        self.folded(&mut weights, "trunk.stem", "_conv_stem", "_bn0")?;
        let mut index = 0;
        for stage in Architecture::lite0().stages {
            for _ in 0..stage.repeat {
                let (ours, theirs) = (format!("trunk.blocks.{index}"), format!("_blocks.{index}"));
                let mut convolution = |name: &str, conv: &str, norm: &str| {
                    let name = format!("{ours}.{name}");
                    self.folded(&mut weights, &name, &format!("{theirs}.{conv}"), &format!("{theirs}.{norm}"))
                };
                if stage.expand > 1 {
                    convolution("expand", "_expand_conv", "_bn0")?;
                }
                convolution("depthwise", "_depthwise_conv", "_bn1")?;
                convolution("project", "_project_conv", "_bn2")?;
                index += 1;
            }
        }
        self.folded(&mut weights, "trunk.head", "_conv_head", "_bn1")?;
        let (shape, values) = self.tensor("_fc.weight")?;
        ensure!(shape.len() == 2, "_fc.weight is {shape:?}");
        // PyTorch stores [out, in], burn [in, out].
        let transposed = (0..shape[1]).flat_map(|i| values[i..].iter().step_by(shape[1]).copied()).collect();
        weights.insert("classifier.weight", TensorData::new::<f32, _>(transposed, [shape[1], shape[0]]));
        let (shape, values) = self.tensor("_fc.bias")?;
        weights.insert("classifier.bias", TensorData::new(values, shape));
        Ok(weights)
    }

    /// Folds `norm` into `conv`: w' = w * gamma / sqrt(var + eps), b' = beta - mean * gamma / sqrt(var + eps).
    fn folded(&self, weights: &mut Weights, name: &str, conv: &str, norm: &str) -> Result<()> {
        /// The epsilon with which this file's batch norms were trained.
        const EPSILON: f32 = 1e-3;
        let (shape, mut kernel) = self.tensor(&format!("{conv}.weight"))?;
        let part = |part: &str| Ok::<_, anyhow::Error>(self.tensor(&format!("{norm}.{part}"))?.1);
        let (gamma, beta) = (part("weight")?, part("bias")?);
        let (mean, variance) = (part("running_mean")?, part("running_var")?);
        let channels = shape.first().copied().unwrap_or(0);
        ensure!(
            channels > 0 && [&gamma, &beta, &mean, &variance].iter().all(|values| values.len() == channels),
            "{conv} and {norm} do not have the same channels"
        );
        let mut bias = Vec::with_capacity(channels);
        let per_channel = kernel.len() / channels;
        for (channel, kernel) in kernel.chunks_exact_mut(per_channel).enumerate() {
            let factor = gamma[channel] / (variance[channel] + EPSILON).sqrt();
            kernel.iter_mut().for_each(|weight| *weight *= factor);
            bias.push(beta[channel] - mean[channel] * factor);
        }
        weights.insert(format!("{name}.weight"), TensorData::new(kernel, shape));
        weights.insert(format!("{name}.bias"), TensorData::new(bias, [channels]));
        Ok(())
    }

    fn tensor(&self, name: &str) -> Result<(Vec<usize>, Vec<f32>)> {
        let tensor = self.reader.get(name).with_context(|| format!("tensor {name} is missing"))?;
        let bytes = tensor.read().with_context(|| format!("cannot read tensor {name}"))?;
        ensure!(bytes.len() == tensor.num_elements() * 4, "tensor {name} is not f32");
        let values = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        Ok((tensor.shape().to_vec(), values))
    }
}
