//! Bundles with random weights, for tests that do not need a trained network.

use std::error::Error;

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Tensor, TensorData};
use mango_inference::network::{Architecture, LeafNet, Stage, embedding_len};
use mango_inference::{
    Backend, Calibration, ClassId, Manifest, ModelBundle, ModelId, Precision, Preprocessing, Provenance, View, Weights,
    WeightsFile, sha256,
};

/// Number of classes of these networks.
const CLASSES: usize = 8;

/// A bundle of that architecture for inputs of `size` x `size` pixels, with the close view or without. Its weights are
/// drawn from `seed` at a scale that keeps the activations from vanishing.
pub(crate) fn bundle(
    name: &str,
    size: u32,
    architecture: Architecture,
    close: bool,
    seed: u32,
) -> Result<ModelBundle, Box<dyn Error>> {
    let classes = (0..CLASSES).map(|class| ClassId::try_from(format!("class_{class}"))).collect::<Result<_, _>>()?;
    let network =
        LeafNet::new(&architecture, embedding_len(&architecture, close), CLASSES, None, &Backend::default().device());
    let weights = Weights::of(&network.map(&mut Random::new(seed))).encode(Precision::F32)?;
    let manifest = Manifest {
        format: Manifest::FORMAT,
        model: ModelId { name: name.to_owned(), version: "0.0.0".to_owned() },
        architecture,
        classes,
        parts: Default::default(),
        healthy: Default::default(),
        others: None,
        symptom: None,
        preprocessing: Preprocessing { close, ..Preprocessing::efficientnet_lite(size, View::Squash) },
        calibration: Calibration { temperature: 1.0, slope: 0.0, confident: 0.5 },
        domain: None,
        few_photos: Default::default(),
        weights: WeightsFile { file: "weights.bpk".to_owned(), sha256: sha256(&weights), precision: Precision::F32 },
        provenance: Provenance { base: "none".to_owned(), data: "none".to_owned(), license: "MIT".to_owned(), seed: 1 },
        measured: Default::default(),
    };
    Ok(ModelBundle::new(&manifest.to_json(), weights)?)
}

/// A small network of unusual shape: odd sizes, channels that do not fill SIMD vectors, every kernel size and stride.
#[allow(dead_code, reason = "not every user of this module needs an unusual network")]
pub(crate) fn odd(seed: u32) -> Result<ModelBundle, Box<dyn Error>> {
    let mut random = Random::new(seed);
    let stem = random.up_to(3, 21);
    let stages: Vec<Stage> = (0..random.up_to(1, 3))
        .map(|_| Stage {
            expand: random.up_to(1, 4),
            channels: random.up_to(3, 27),
            repeat: random.up_to(1, 2),
            stride: random.up_to(1, 2),
            kernel: random.up_to(1, 7),
        })
        .collect();
    let head = (random.up_to(0, 1) == 1).then(|| random.up_to(5, 37));
    let embedding_stage = random.up_to(1, stages.len());
    let size = u32::try_from(random.up_to(32, 140))?;
    let close = random.up_to(0, 1) == 1;
    bundle(&format!("odd-{seed}"), size, Architecture { stem, stages, head, embedding_stage }, close, seed)
}

/// A pseudo-random generator.
struct Random {
    state: u32,
}

impl Random {
    fn new(seed: u32) -> Self {
        // Never zero, which is a fixed point of Marsaglia's xorshift.
        Self { state: seed.wrapping_mul(0x9E37_79B1) | 1 }
    }

    fn next(&mut self) -> u32 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 17;
        self.state ^= self.state << 5;
        self.state
    }

    fn up_to(&mut self, least: usize, most: usize) -> usize {
        // The higher bits: the first values of similar seeds differ little in the lower ones.
        least + (self.next() >> 8) as usize % (most - least + 1)
    }
}

impl ModuleMapper for Random {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(|tensor| {
            let shape = tensor.dims();
            let inputs: usize = shape[1..].iter().product();
            let scale = if D == 1 { 0.1 } else { (6.0 / inputs as f32).sqrt() };
            let mut number = || (self.next() as f32 / u32::MAX as f32 * 2.0 - 1.0) * scale;
            let values = (0..shape.iter().product()).map(|_| number()).collect();
            Tensor::from_data(TensorData::new(values, shape), &tensor.device())
        })
    }
}
