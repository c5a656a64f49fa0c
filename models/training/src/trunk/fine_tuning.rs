//! Fine-tuning: trains the stages after the frozen ones on views that are drawn afresh for every step.
//!
//! The frozen stages run on the inference kernels, the trained ones forward and backward on
//! [`crate::trunk::gradients`]; the classifier, the loss and AdamW are burn's. The classifier is thrown away: what is
//! kept is the trunk.

mod by_name;
mod learner;
mod views;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use burn::module::Module;
use burn::optim::{AdamWConfig, ModuleOptimizer};
use burn::tensor::Device;
use mango_inference::network::Architecture;
use mango_inference::{View, Weights};
use serde::{Deserialize, Serialize};

use crate::photos::sources::{Collection, Outputs};
use crate::progress;
use crate::trunk::late::{Average, Checkpoint, State, learning_rate};
use crate::views::augment::Augmentation;
use learner::Learner;
use views::Views;

/// How the network is fine-tuned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FineTuning {
    /// Stages that stay as they are; at least 1, since the first has no expansion.
    pub frozen_stages: usize,
    /// Width and height of the views, pixels.
    pub size: u32,
    /// Steps; half of them where a source is held out.
    pub steps: u64,
    /// Views a step.
    pub batch: usize,
    /// AdamW's step at its highest; it rises over the first twentieth and falls along a cosine.
    pub learning_rate: f64,
    /// AdamW's decoupled weight decay.
    pub weight_decay: f32,
    /// Share of the target that is spread over all outputs.
    pub label_smoothing: f32,
    /// Share of the old in the running average of the weights, which is what training gives.
    pub averaging: f32,
    /// Share of the trained weights in those kept; the rest are those that training began with (WiSE-FT, arXiv
    /// 2109.01903).
    pub share: f32,
    /// Share of the leaves that are laid on another ground.
    pub grounds: f64,
}

impl FineTuning {
    /// Whether every field is in its range.
    ///
    /// # Errors
    /// Names the first field that is not.
    pub fn check(&self) -> Result<()> {
        ensure!((1..=5).contains(&self.frozen_stages), "fine_tuning.frozen_stages is not between 1 and 5");
        ensure!((32..=512).contains(&self.size), "fine_tuning.size is not between 32 and 512");
        ensure!((1..=1024).contains(&self.batch), "fine_tuning.batch is not between 1 and 1024");
        ensure!((0.0..1.0).contains(&self.averaging), "fine_tuning.averaging is not at least 0 and below 1");
        ensure!((0.0..=1.0).contains(&self.share), "fine_tuning.share is not between 0 and 1");
        ensure!((0.0..=1.0).contains(&self.grounds), "fine_tuning.grounds is not between 0 and 1");
        ensure!(
            (0.0..1.0).contains(&self.label_smoothing),
            "fine_tuning.label_smoothing is not at least 0 and below 1"
        );
        Ok(())
    }
}

/// What is learnt from.
#[derive(Debug)]
pub struct Material<'a> {
    /// The photos.
    pub photos: &'a Collection,
    /// How often each is drawn.
    pub weights: &'a [f32],
    /// The outputs that the photos' labels mean.
    pub outputs: &'a Outputs,
    /// How views are varied.
    pub augmentation: Augmentation,
    /// The part of a view that the network sees.
    pub view: View,
}

const CHECKPOINT_EVERY: Duration = Duration::from_secs(60);

/// Fine-tunes `trunk` and returns the running average of its weights. State is kept in `folder`; an interrupted run
/// goes on from there and gives the same result.
///
/// # Errors
/// A photo cannot be read, the trunk's weights are not those of `architecture`, a checkpoint cannot be written or read.
pub fn train(
    architecture: &Architecture,
    trunk: &Weights,
    material: &Material<'_>,
    how: &FineTuning,
    seed: u64,
    folder: &Path,
) -> Result<Weights> {
    let average = train_until(architecture, trunk, material, how, seed, folder, how.steps)?;
    let trunk = average.into_weights().under("trunk");
    ensure!(trunk.get("stem.weight").is_some(), "the checkpoint in {} has no trunk", folder.display());
    Ok(trunk)
}

/// Trains up to step `until` of a run of `how.steps` and leaves a checkpoint there.
fn train_until(
    architecture: &Architecture,
    trunk: &Weights,
    material: &Material<'_>,
    how: &FineTuning,
    seed: u64,
    folder: &Path,
    until: u64,
) -> Result<Average> {
    let device = Device::flex().autodiff();
    let mut learner = Learner::new(architecture, trunk, material.outputs.len(), how, &device)?;
    let mut optimiser: ModuleOptimizer = AdamWConfig::new().with_weight_decay(how.weight_decay).init();
    let mut average = Average::of(learner.student());
    let checkpoint = Checkpoint::new(folder);
    let mut step = 0;
    if let Some(state) = checkpoint.read()? {
        step = state.step;
        learner.load(state.student)?;
        optimiser = optimiser.load_record(state.optimiser);
        average = state.average.into();
        println!("resumes at step {step} of {}", how.steps);
    }
    if step < until {
        let views = Views::new(architecture, trunk, material, how, seed)?;
        let bar = progress::bar(how.steps as usize, "fine-tuning");
        bar.set_position(step);
        let (began, first, mut saved) = (Instant::now(), step, Instant::now());
        let mut loss = 0.0;
        while step < until {
            let batch = views.batch(step)?;
            let rate = learning_rate(how.learning_rate, step, how.steps);
            let (value, student) = learner.step(&batch, &mut optimiser, rate)?;
            step += 1;
            ensure!(
                value.is_finite(),
                "the loss of step {step} is {value}: the training diverged. Lower fine_tuning.learning_rate in the recipe"
            );
            average.add(student, how.averaging, step);
            loss = if step == first + 1 { value } else { 0.95 * loss + 0.05 * value };
            bar.inc(1);
            if step.is_multiple_of(50) {
                let speed = (step - first) as f64 * how.batch as f64 / began.elapsed().as_secs_f64();
                println!("step {step} of {}: loss {loss:.4}, {speed:.1} views a second", how.steps);
            }
            if saved.elapsed() >= CHECKPOINT_EVERY || step == until {
                let student = learner.student().clone().into_record();
                let optimiser = optimiser.to_record();
                checkpoint.write(State { step, student, optimiser, average: average.clone().into_weights() })?;
                saved = Instant::now();
            }
        }
        bar.finish_and_clear();
    }
    Ok(average)
}

#[cfg(test)]
mod tests;
