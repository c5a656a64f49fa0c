//! One step of fine-tuning: forward, loss, backward, update.

use anyhow::{Context, Result};
use burn::module::Module;
use burn::nn::{Initializer, Linear, LinearConfig};
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::store::ModuleRecord;
use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor, TensorData};
use mango_inference::Weights;
use mango_inference::network::{Architecture, EfficientNetLite};
use rayon::prelude::*;

use super::FineTuning;
use super::by_name::register;
use super::views::Batch;
use crate::trunk::gradients::{Gradients, Map, Pass, Stages};

/// The trunk, and a classifier that is trained with it and thrown away after.
#[derive(Module, Debug)]
pub(super) struct Student {
    trunk: EfficientNetLite,
    classifier: Linear,
}

/// The loss of a batch and its gradients.
struct Loss {
    /// The mean over the batch.
    value: f32,
    /// Gradients of the classifier's parameters.
    gradients: GradientsParams,
    /// For each pass, the gradients in the means of the stage's map and of the head's.
    of_pools: Vec<[Vec<f32>; 2]>,
}

/// The network in training.
pub(super) struct Learner {
    architecture: Architecture,
    frozen_stages: usize,
    label_smoothing: f32,
    device: Device,
    student: Student,
}

impl Learner {
    pub(super) fn new(
        architecture: &Architecture,
        trunk: &Weights,
        outputs: usize,
        how: &FineTuning,
        device: &Device,
    ) -> Result<Self> {
        let length = architecture.embedding_len();
        let student = Student {
            trunk: EfficientNetLite::new(architecture, device),
            classifier: LinearConfig::new(length, outputs).with_initializer(Initializer::Zeros).init(device),
        };
        let mut weights = Weights::of(&student);
        weights.extend_under("trunk", trunk.clone());
        Ok(Self {
            architecture: architecture.clone(),
            frozen_stages: how.frozen_stages,
            label_smoothing: how.label_smoothing,
            device: device.clone(),
            student: weights.fill(student)?,
        })
    }

    pub(super) fn student(&self) -> &Student {
        &self.student
    }

    pub(super) fn load(&mut self, record: ModuleRecord) -> Result<()> {
        self.student = self.student.clone().try_load_record(record)?;
        Ok(())
    }

    /// Learns from a batch and returns its mean loss and the network after the step.
    pub(super) fn step(
        &mut self,
        batch: &Batch,
        optimiser: &mut ModuleOptimizer,
        rate: f64,
    ) -> Result<(f32, &Student)> {
        let trunk = Weights::of(&self.student.trunk);
        let stages = Stages::new(&self.architecture, self.frozen_stages, &trunk)?;
        let passes: Vec<Pass> = batch.maps.par_iter().map(|map| stages.forward(map.clone())).collect();
        let Loss { value, mut gradients, of_pools } = self.loss(batch, &passes)?;

        let parts: Vec<Gradients> = passes
            .par_iter()
            .zip(of_pools)
            .map(|(pass, [stage, head])| {
                let mut gradients = Gradients::new();
                let (stage, head) = (pass.stage.means_gradient(&stage), pass.head.means_gradient(&head));
                stages.backward(pass, &stage, head, &mut gradients);
                gradients
            })
            .collect();
        let total = parts.into_iter().reduce(added).context("a batch without photos")?;
        register(&self.student.trunk, stages.as_tensors(total, &trunk), &mut gradients, &self.device.clone().inner());
        self.student = optimiser.step(rate, self.student.clone(), gradients);
        Ok((value, &self.student))
    }

    fn loss(&self, batch: &Batch, passes: &[Pass]) -> Result<Loss> {
        let rows = batch.targets.len();
        let pool = |map: fn(&Pass) -> &Map| {
            let values: Vec<f32> = passes.iter().flat_map(|pass| map(pass).means()).collect();
            let width = values.len() / rows;
            Tensor::<2>::from_data(TensorData::new(values, [rows, width]), &self.device).require_grad()
        };
        let pools = [pool(|pass| &pass.stage), pool(|pass| &pass.head)];
        let unit = |pool: &Tensor<2>| pool.clone() / (pool.clone().square().sum_dim(1) + 1e-12).sqrt();
        let embedding = Tensor::cat(pools.iter().map(unit).collect(), 1);
        let probabilities = softmax(self.student.classifier.forward(embedding), 1);
        let outputs = batch.targets.first().map_or(0, Vec::len);
        let allowed: Vec<f32> = batch.targets.iter().flatten().map(|allowed| f32::from(u8::from(*allowed))).collect();
        let allowed = Tensor::<2>::from_data(TensorData::new(allowed, [rows, outputs]), &self.device);
        let right = ((probabilities.clone() * allowed).sum_dim(1) + 1e-9).log().mean();
        let smooth = (probabilities + 1e-9).log().mean();
        let loss = -(right * (1.0 - self.label_smoothing) + smooth * self.label_smoothing);
        let value = loss.clone().into_scalar::<f32>();
        let mut all = loss.backward();
        let mut of_pools = Vec::new();
        for pool in &pools {
            let gradient = pool.grad(&all).context("the loss does not depend on the maps")?;
            of_pools.push(gradient.into_data().iter::<f32>().collect::<Vec<f32>>());
        }
        let split = |gradient: &[f32]| -> Vec<Vec<f32>> {
            let width = gradient.len() / rows;
            let mut rest = gradient;
            let mut parts = Vec::new();
            for pass in passes {
                let (part, after) = rest.split_at(pass.stage.images * width);
                parts.push(part.to_vec());
                rest = after;
            }
            parts
        };
        let pairs = split(&of_pools[0]).into_iter().zip(split(&of_pools[1])).map(|(stage, head)| [stage, head]);
        let gradients = GradientsParams::from_module(&mut all, &self.student.classifier);
        Ok(Loss { value, gradients, of_pools: pairs.collect() })
    }
}

fn added(mut left: Gradients, right: Gradients) -> Gradients {
    for (name, values) in right {
        if let Some(sums) = left.get_mut(&name) {
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        }
    }
    left
}
