//! The prediction type that relay, phone and tests share.

mod heatmap;
mod observation;
mod reconcile;

pub use heatmap::HeatMap;
pub(crate) use heatmap::{CropEvidence, activation};
pub use observation::{MAX_PHOTOS, Observation, PoolError};
pub use reconcile::{Shown, Source};

use serde::{Deserialize, Serialize};

use crate::calibration::Symptom;
use crate::catalog::{ClassId, GuildId, Part};

/// A model's answer for a photo. Serialises to the JSON that the relay answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Prediction {
    /// The model that answered.
    pub model: ModelId,
    /// How reliable the first class is.
    pub verdict: Verdict,
    /// The out-of-domain score: the distance from the mango leaves that the model knows. 1 is a typical leaf; a score
    /// far above it gives the verdict `not_mango_leaf`. Absent for a model without such a score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out_of_domain: Option<f32>,
    /// Every class that the model knows, most probable first.
    pub classes: Vec<RankedClass>,
    /// The group of similar classes that is likely although no single class is. Only with the verdict `unsure`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guild: Option<LikelyGuild>,
    /// The most likely part of the tree, from a model that knows several. Absent if the verdict is `not_mango_leaf`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// Whether that part shows any symptom, which can be certain although the class is not. Absent if the verdict is
    /// `not_mango_leaf`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symptom: Option<Symptom>,
    /// The heat map of the first class, if requested; else the JSON has no such field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heatmap: Option<HeatMap>,
}

/// A model's name and version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelId {
    /// Such as `leaf-lite0`.
    pub name: String,
    /// Such as `0.1.0`.
    pub version: String,
}

/// One class of a ranking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RankedClass {
    /// The class's id in the catalog.
    pub id: ClassId,
    /// Calibrated probability, 0 to 1; the probabilities of a prediction sum to 1.
    pub probability: f32,
    /// The origin of the class: training or a gallery.
    pub basis: Basis,
    /// Number of its photos in the galleries; 0 is omitted from the JSON.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub photos: usize,
}

/// The origin of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Few-shot: only from a gallery's photos.
    FewPhotos,
    /// From training; a gallery's photos may have adapted it.
    Trained,
}

/// A guild and its probability.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LikelyGuild {
    /// The guild's id in the catalog.
    pub id: GuildId,
    /// The sum of its classes' probabilities.
    pub probability: f32,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// How reliable the first class of a prediction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The first class is most likely right.
    Confident,
    /// The photo shows no mango leaf. Only from a model with an out-of-domain score or rejection outputs.
    NotMangoLeaf,
    /// The first class may be right; take a closer look, or ask the relay.
    Unsure,
}

impl Verdict {
    /// The verdict for a mango leaf whose first class has that probability.
    #[must_use]
    pub fn at(probability: f32, confident: f32) -> Self {
        if probability >= confident { Self::Confident } else { Self::Unsure }
    }

    /// The verdict as in the JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confident => "confident",
            Self::NotMangoLeaf => "not_mango_leaf",
            Self::Unsure => "unsure",
        }
    }
}

impl Prediction {
    /// The most probable class; `None` only if the model has no class, which no bundle allows.
    #[must_use]
    pub fn best(&self) -> Option<&RankedClass> {
        self.classes.first()
    }

    /// The JSON that the relay answers and the phone displays.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Only strings and finite numbers: serialisation cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_has_the_same_name_in_json() {
        for verdict in [Verdict::Confident, Verdict::NotMangoLeaf, Verdict::Unsure] {
            assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.as_str());
        }
    }
}
