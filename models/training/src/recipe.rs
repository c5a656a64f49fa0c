//! What a training run is made of, as a `recipe.json` states it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use mango_inference::network::Architecture;
use mango_inference::{Crops, Precision, Preprocessing, View};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::photos::balance::Balance;
use crate::photos::sources::Source;
use crate::trunk::fine_tuning::FineTuning;
use crate::trunk::late::LateStages;
use crate::views::augment::Augmentation;

/// Everything that decides which bundle comes out of a photo set. The same recipe, photos and code give the same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Name that the bundle states.
    pub model: String,
    /// Version that the bundle states.
    pub version: String,
    /// Shape of the network.
    pub network: NetworkShape,
    /// Width and height of the network's input, pixels.
    pub size: u32,
    /// The part of a photo that the network sees.
    pub view: View,
    /// Whether it also sees that part at twice the size.
    #[serde(default, skip_serializing_if = "is_false")]
    pub close: bool,
    /// The crops of a photo that a prediction averages over. Training sees one crop of each view.
    #[serde(default, skip_serializing_if = "Crops::is_one")]
    pub crops: Crops,
    /// The photo sets that the model is trained on, where no folder of photos is named.
    #[serde(default = "mango_leaf_bd")]
    pub sources: Vec<Source>,
    /// Sources that are left out one at a time, for confidence to be fitted on photos of a source that was not trained
    /// on; without any it is fitted on validation alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_out: Vec<Source>,
    /// How the weights file holds its numbers.
    pub precision: Precision,
    /// How photos are varied: for training late stages, and for learning what another camera changes.
    pub augmentation: Augmentation,
    /// Views of each photo with its leaf on another ground that the classifier learns from beside the photo itself.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub grounds: u64,
    /// Varied views of each photo that the classifier learns from beside the photo itself.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub varied: u64,
    /// How much such a view counts beside the photo itself.
    #[serde(default = "whole", skip_serializing_if = "is_whole")]
    pub view_weight: f32,
    /// Another recipe whose trunk training begins with, in place of ImageNet's: a path relative to this recipe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begin_with: Option<PathBuf>,
    /// Training of the stages after the frozen ones on fresh views; without it they stay as training begins with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fine_tuning: Option<FineTuning>,
    /// Training of the late stages; without it they stay as ImageNet left them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<LateStages>,
    /// The linear classifier.
    pub classifier: ClassifierRecipe,
    /// The score for what is no mango leaf; without it the model never says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<DomainRecipe>,
    /// Seed of the late stages' training. How photos are varied is drawn from their own bytes.
    pub seed: u64,
}

/// EfficientNet-Lite0, whole or cut short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkShape {
    /// Stages kept, 5 to 7.
    pub stages: usize,
    /// Channels of the 1x1 head. With all 7 stages 1280 keeps ImageNet's own.
    pub head: usize,
}

/// How the linear classifier is fitted to plain views.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassifierRecipe {
    /// Candidates for the weight of the squared weights beside the mean loss; the least loss on validation wins.
    pub decays: Vec<f64>,
    /// Which photos count how much.
    pub balance: Balance,
}

/// How the score for what is no mango leaf is fitted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DomainRecipe {
    /// Dimensions of the subspace in which known leaves and other cameras vary.
    pub rank: usize,
    /// Share of validation's leaves, as other cameras would show them, that stays within the limit.
    pub keep: f64,
}

impl Recipe {
    /// Reads a recipe, changed by a JSON merge patch (RFC 7396) if there is one.
    ///
    /// # Errors
    /// The file cannot be read, or a field is missing, unknown or out of its range.
    pub fn load(path: &Path, patch: Option<Value>) -> Result<Self> {
        let text = fs::read(path).with_context(|| format!("cannot read the recipe {}", path.display()))?;
        let read = || -> Result<Self> {
            let mut json = serde_json::from_slice(&text)?;
            if let Some(patch) = patch {
                json_patch::merge(&mut json, &patch);
            }
            let recipe: Self = serde_json::from_value(json)?;
            recipe.check()?;
            Ok(recipe)
        };
        let mut recipe = read().with_context(|| format!("the recipe {} cannot be followed", path.display()))?;
        if let Some(teacher) = recipe.late.as_mut().and_then(|late| late.teacher.as_mut()) {
            teacher.bundle = path.parent().unwrap_or(Path::new(".")).join(&teacher.bundle);
        }
        if let Some(begin) = &mut recipe.begin_with {
            *begin = path.parent().unwrap_or(Path::new(".")).join(&begin);
        }
        Ok(recipe)
    }

    fn check(&self) -> Result<()> {
        ensure!(!self.model.is_empty() && !self.version.is_empty(), "model and version must not be empty");
        if let View::CentreCrop { fraction } = self.view {
            ensure!((0.01..=1.0).contains(&fraction), "view.fraction is not between 0.01 and 1");
        }
        let NetworkShape { stages, head } = self.network;
        ensure!((5..=7).contains(&stages), "network.stages is not between 5 and 7");
        ensure!((1..=1280).contains(&head), "network.head is not between 1 and 1280");
        ensure!((32..=512).contains(&self.size), "size is not between 32 and 512");
        let Augmentation { least_crop, strength } = self.augmentation;
        ensure!(least_crop > 0.0 && least_crop <= 1.0, "augmentation.least_crop is not above 0 and at most 1");
        ensure!((0.0..=1.0).contains(&strength), "augmentation.strength is not between 0 and 1");
        ensure!(self.grounds <= 100, "grounds is above 100");
        ensure!(self.varied <= 100, "varied is above 100");
        ensure!(self.view_weight > 0.0 && self.view_weight <= 1.0, "view_weight is not above 0 and at most 1");
        ensure!(!self.sources.is_empty(), "sources is empty");
        for source in &self.held_out {
            ensure!(self.sources.contains(source), "held_out names {}, which sources does not", source.name());
        }
        if let Some(fine_tuning) = &self.fine_tuning {
            fine_tuning.check()?;
        }
        ensure!(!self.classifier.decays.is_empty(), "classifier.decays is empty");
        ensure!(self.classifier.decays.iter().all(|decay| *decay > 0.0), "classifier.decays are not all above 0");
        if let Some(domain) = self.domain {
            ensure!((1..=512).contains(&domain.rank), "domain.rank is not between 1 and 512");
            ensure!((0.5..=1.0).contains(&domain.keep), "domain.keep is not between 0.5 and 1");
        }
        match &self.late {
            Some(late) => late.check(),
            None if self.network != NetworkShape::WHOLE => {
                bail!(
                    "a network other than 7 stages with a head of 1280 needs late stages that are trained: add `late`"
                )
            }
            None => Ok(()),
        }
    }

    /// How a photo becomes the network's input.
    #[must_use]
    pub fn preprocessing(&self) -> Preprocessing {
        Preprocessing { close: self.close, crops: self.crops, ..Preprocessing::efficientnet_lite(self.size, self.view) }
    }
}

impl NetworkShape {
    const WHOLE: Self = Self { stages: 7, head: 1280 };

    /// EfficientNet-Lite0's architecture, cut to this shape.
    #[must_use]
    pub fn architecture(self) -> Architecture {
        let mut architecture = Architecture::lite0();
        architecture.stages.truncate(self.stages);
        architecture.head = Some(self.head);
        architecture
    }

    /// Whether ImageNet's own head fits.
    #[must_use]
    pub fn has_imagenet_head(self) -> bool {
        self == Self::WHOLE
    }
}

fn whole() -> f32 {
    1.0
}

fn is_whole(share: &f32) -> bool {
    *share == 1.0
}

fn mango_leaf_bd() -> Vec<Source> {
    vec![Source::MangoLeafBd]
}

fn is_false(flag: &bool) -> bool {
    !flag
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_shipped_recipes_are_followed() {
        for model in ["leaf-lite0", "leaf-mini"] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../{model}/recipe.json"));
            let recipe = Recipe::load(&path, None).unwrap();
            assert_eq!(recipe.model, model);
            recipe.network.architecture().check().unwrap();
        }
    }

    #[test]
    fn a_patch_changes_only_what_it_names() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../leaf-lite0/recipe.json");
        let load = |patch: Option<Value>| Recipe::load(&path, patch).unwrap();
        let shipped = load(None);
        let domain = shipped.domain.map(|domain| DomainRecipe { rank: domain.rank + 1, ..domain });
        let patch = json!({ "domain": { "rank": domain.unwrap().rank } });
        assert_eq!(load(Some(patch)), Recipe { domain, ..shipped.clone() });
        assert_eq!(load(Some(json!({ "domain": null }))), Recipe { domain: None, ..shipped });
    }

    #[test]
    fn what_cannot_be_followed_says_why() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../leaf-lite0/recipe.json");
        let refused = |patch: Value| format!("{:#}", Recipe::load(&path, Some(patch)).unwrap_err());
        assert!(refused(json!({ "network": { "stages": 5 } })).contains("add `late`"));
        assert!(refused(json!({ "sise": 160 })).contains("sise"));
        assert!(refused(json!({ "size": 16 })).contains("size is not between 32 and 512"));
        assert!(refused(json!({ "classifier": { "decays": [] } })).contains("classifier.decays is empty"));
        assert_eq!(Recipe::load(&path, Some(json!({ "size": 192 }))).unwrap().size, 192);
    }
}
