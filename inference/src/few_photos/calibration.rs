//! Calibration of few-shot answers.

use serde::{Deserialize, Serialize};

/// A model's calibration of few-shot answers, fitted by leave-one-out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FewPhotosCalibration {
    /// Logits are divided by this before the softmax if a few-shot class comes first. Above 0.
    pub temperature: f32,
    /// The first class's probability from which on such a prediction is `confident`, 0 to 1.
    pub confident: f32,
    /// The largest strangeness at which an out-of-domain photo still counts as similar to the galleries' photos: see
    /// [`FewPhotosCalibration::strangeness`].
    pub strange: f32,
}

/// Weight of the out-of-domain score beside the novelty. Pests have lower scores than objects (AUROC of leaf-mini's
/// pests against objects: 0.983 with this term and 0.974 without).
const FAR: f32 = 0.25;

impl FewPhotosCalibration {
    /// The photo's novelty, 0 to 1, plus a share of the logarithm of its out-of-domain score.
    #[must_use]
    pub fn strangeness(novelty: f32, out_of_domain: Option<f32>) -> f32 {
        novelty + FAR * out_of_domain.unwrap_or(1.0).ln()
    }
}

impl Default for FewPhotosCalibration {
    /// The calibration of `leaf-lite0`, for models without a fitted one.
    fn default() -> Self {
        Self { temperature: 0.39, confident: 0.9, strange: 1.1 }
    }
}
