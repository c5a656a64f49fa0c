//! What a recipe states of the late stages' training.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};

/// How the stages after the frozen ones are trained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LateStages {
    /// Stages that stay as they are; at most 5.
    pub frozen_stages: usize,
    /// Varied views of each photo, beside the plain one.
    pub views: u64,
    /// Passes over as many views as there are photos.
    pub epochs: u64,
    /// Views a step.
    pub batch: usize,
    /// AdamW's step at its highest; it rises over the first twentieth and falls along a cosine.
    pub learning_rate: f64,
    /// AdamW's decoupled weight decay.
    pub weight_decay: f32,
    /// Share of the target that is spread over all classes.
    pub label_smoothing: f32,
    /// How often a batch trades its channels' means and deviations between photos (MixStyle, arXiv 2104.02008), 0 to 1.
    pub mix_style: f64,
    /// Share of the old in the running average of the weights, which is what training gives (0 keeps the last).
    pub averaging: f32,
    /// Share of the trained weights in those kept, 0 to 1; the rest are those that training began with. Between the two
    /// lies what still knows other cameras (`WiSE-FT`, arXiv 2109.01903).
    #[serde(default = "whole", skip_serializing_if = "is_whole")]
    pub share: f32,
    /// A finished model to learn from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teacher: Option<Teacher>,
}

/// A finished model whose answers on the same views are learnt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Teacher {
    /// Its bundle's folder, relative to the recipe's.
    pub bundle: PathBuf,
    /// Both models' logits are divided by it before they are compared (Hinton et al. 2015, arXiv 1503.02531).
    pub softness: f32,
    /// Share of the loss that compares with the teacher instead of the label, 0 to 1.
    pub share: f32,
    /// Weight of one less the cosine between the teacher's embedding and a linear map of the student's.
    pub imitation: f32,
}

impl LateStages {
    /// Whether every field is in its range.
    ///
    /// # Errors
    /// Names the first field that is not.
    pub fn check(&self) -> Result<()> {
        ensure!(self.frozen_stages <= 5, "late.frozen_stages is above 5, the stage of the embedding");
        ensure!(self.epochs > 0 && self.batch > 0, "late.epochs and late.batch must be above 0");
        ensure!(self.learning_rate > 0.0 && self.learning_rate < 1.0, "late.learning_rate is not between 0 and 1");
        ensure!((0.0..1.0).contains(&self.weight_decay), "late.weight_decay is not between 0 and 1");
        ensure!((0.0..1.0).contains(&self.label_smoothing), "late.label_smoothing is not between 0 and 1");
        ensure!((0.0..=1.0).contains(&self.mix_style), "late.mix_style is not between 0 and 1");
        ensure!((0.0..1.0).contains(&self.averaging), "late.averaging is not between 0 and 1");
        ensure!((0.0..=1.0).contains(&self.share), "late.share is not between 0 and 1");
        if let Some(teacher) = &self.teacher {
            ensure!(teacher.softness > 0.0, "late.teacher.softness is not above 0");
            ensure!((0.0..=1.0).contains(&teacher.share), "late.teacher.share is not between 0 and 1");
            ensure!(teacher.imitation >= 0.0, "late.teacher.imitation is below 0");
        }
        Ok(())
    }
}

fn whole() -> f32 {
    1.0
}

fn is_whole(share: &f32) -> bool {
    *share == 1.0
}
