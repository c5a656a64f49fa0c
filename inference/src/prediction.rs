//! The one answer that relay, phone and tests share.

use serde::{Deserialize, Serialize};

use crate::class::ClassId;
use crate::guild::GuildId;
use crate::heatmap::HeatMap;
use crate::part::Part;
use crate::symptom::Symptom;

/// What a photo shows, as far as the model can tell. Serialises to the JSON that the relay answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Prediction {
    /// The model that says so.
    pub model: ModelId,
    /// How the first class is to be taken.
    pub verdict: Verdict,
    /// How far the photo is from the mango leaves that the model knows: 1 is a typical one, and far above it is the
    /// verdict `not_mango_leaf`. Absent for a model without such a score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out_of_domain: Option<f32>,
    /// Every class that the model knows, most probable first.
    pub classes: Vec<RankedClass>,
    /// The group of like classes that is likely where none of them is for sure: only beside the verdict `unsure`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guild: Option<LikelyGuild>,
    /// The part of the tree that the photo shows most likely, from a model that knows several. Absent where the verdict
    /// is `not_mango_leaf`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// Whether that part shows any symptom, which can be certain where the class is not. Absent where the verdict is
    /// `not_mango_leaf`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symptom: Option<Symptom>,
    /// Where the first class was seen, if that was asked for; else the JSON has no such field.
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
    /// Calibrated probability, 0 to 1; those of a prediction add up to 1.
    pub probability: f32,
    /// Where the model knows it from.
    pub basis: Basis,
    /// Photos of it in the galleries; 0 is left out of the JSON.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub photos: usize,
}

/// Where a class is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// From the photos of a gallery alone, which are few.
    FewPhotos,
    /// From training; photos of a gallery may have adapted it.
    Trained,
}

/// A guild and how likely one of its classes is.
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

/// How the first class of a prediction is to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The first class, most likely.
    Confident,
    /// The photo shows no mango leaf, as far as a model with a score for it can tell.
    NotMangoLeaf,
    /// Perhaps the first class; have a closer look, or ask the relay.
    Unsure,
}

impl Verdict {
    /// The verdict on a mango leaf whose first class has that probability.
    #[must_use]
    pub fn at(probability: f32, confident: f32) -> Self {
        if probability >= confident { Self::Confident } else { Self::Unsure }
    }
}

impl Prediction {
    /// The most probable class; none only if the model knows no class, which no bundle allows.
    #[must_use]
    pub fn best(&self) -> Option<&RankedClass> {
        self.classes.first()
    }

    /// The JSON that the relay answers and the phone shows.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Strings and finite numbers only: serialising them cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}
