//! A running average of weights, with less variance than the last step's weights (Polyak 1992).

use burn::module::Module;
use burn::tensor::TensorData;
use mango_inference::Weights;

/// The average so far.
#[derive(Clone, Debug)]
pub(crate) struct Average {
    weights: Weights,
}

impl Average {
    pub(crate) fn of<M: Module>(module: &M) -> Self {
        Self { weights: Weights::of(module) }
    }

    /// Adds the weights after `step` steps. Early steps decay faster, so that the initial weights have little
    /// influence.
    pub(crate) fn add<M: Module>(&mut self, module: &M, keep: f32, step: u64) {
        let keep = keep.min((1 + step) as f32 / (10 + step) as f32);
        let latest = Weights::of(module);
        self.weights = std::mem::take(&mut self.weights).zip(&latest, |old, new| {
            let mixed = old.iter::<f32>().zip(new.iter::<f32>()).map(|(old, new)| new + keep * (old - new));
            TensorData::new(mixed.collect::<Vec<f32>>(), old.shape().to_vec())
        });
    }

    pub(crate) fn into_weights(self) -> Weights {
        self.weights
    }
}

impl From<Weights> for Average {
    fn from(weights: Weights) -> Self {
        Self { weights }
    }
}
