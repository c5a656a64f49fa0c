//! How a model's answers from few photos are to be taken.

use serde::{Deserialize, Serialize};

/// Scalars of a model that say how its answers from few photos are to be taken, fitted by leaving photos out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FewPhotosCalibration {
    /// Logits are divided by it before the softmax where a class known from few photos comes first. Above 0.
    pub temperature: f32,
    /// The first class's probability from which such a prediction is `confident`, 0 to 1.
    pub confident: f32,
    /// How strange a photo out of the domain may be to be taken for one like the galleries': see
    /// [`FewPhotosCalibration::strangeness`].
    pub strange: f32,
}

/// How much a photo's distance from known leaves makes it strange, beside its being unlike the galleries' photos. Pests
/// lie nearer to leaves than objects do (AUROC 0.983 with it and 0.974 without, leaf-mini's pests against objects).
const FAR: f32 = 0.25;

impl FewPhotosCalibration {
    /// The novelty of a photo, 0 to 1, and a share of the logarithm of its out-of-domain score.
    #[must_use]
    pub fn strangeness(novelty: f32, out_of_domain: Option<f32>) -> f32 {
        novelty + FAR * out_of_domain.unwrap_or(1.0).ln()
    }
}

impl Default for FewPhotosCalibration {
    /// Those of `leaf-lite0`, for models that no few photos were tried on.
    fn default() -> Self {
        Self { temperature: 0.39, confident: 0.9, strange: 1.1 }
    }
}
