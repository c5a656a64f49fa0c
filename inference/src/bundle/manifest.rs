//! The contents of `manifest.json`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};

use super::{BundleError, ModelBundle};
use crate::calibration::{Calibration, Domain, Others, SymptomCalibration};
use crate::catalog::{ClassId, Part};
use crate::few_photos::FewPhotosCalibration;
use crate::network::{Architecture, embedding_len, parts_of_each_map};
use crate::prediction::ModelId;
use crate::preprocess::{Preprocessing, View};
use crate::text::json;
use crate::weights::Precision;

/// A model's description. A parsed manifest holds only values from which a network can be built and run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of the file format; this build reads [`Manifest::FORMAT`].
    pub format: u32,
    /// The model's name and version, as in predictions.
    pub model: ModelId,
    /// Architecture of the network.
    pub architecture: Architecture,
    /// The classes, in the order of the logits.
    pub classes: Vec<ClassId>,
    /// The part of the tree that a class is seen on; a class that is not listed is a leaf class.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parts: BTreeMap<ClassId, Part>,
    /// Classes that mean no symptom.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub healthy: BTreeSet<ClassId>,
    /// Rejection outputs, which follow the outputs of the classes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub others: Option<Others>,
    /// How the classes' logits become the probability of any symptom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symptom: Option<SymptomCalibration>,
    /// How a photo becomes the network's input.
    pub preprocessing: Preprocessing,
    /// How logits become probabilities and a verdict.
    pub calibration: Calibration,
    /// When a photo is out of domain; a model without this never answers `not_mango_leaf`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<Domain>,
    /// Calibration of few-shot answers.
    pub few_photos: FewPhotosCalibration,
    /// The weights file.
    pub weights: WeightsFile,
    /// The origin of the weights.
    pub provenance: Provenance,
    /// Figures measured for this model, by name (`val.macro_f1`); for people, not used by code.
    pub measured: BTreeMap<String, f64>,
}

/// The weights file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightsFile {
    /// Its name, in the manifest's folder.
    pub file: String,
    /// Its sha256, lower-case hexadecimal.
    pub sha256: String,
    /// The precision of its tensors.
    pub precision: Precision,
}

/// The origin and licence of weights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// The weights that training started from.
    pub base: String,
    /// The photos trained on.
    pub data: String,
    /// Licence of the weights, an SPDX identifier.
    pub license: String,
    /// Seed of every random choice in training.
    pub seed: u64,
}

/// Elements of one feature map at most: 256 MB.
const MAX_MAP: u64 = 64_000_000;

impl Manifest {
    /// The format version that this build reads and writes.
    pub const FORMAT: u32 = 4;

    /// Reads a manifest.
    ///
    /// # Errors
    /// [`BundleError::Field`] names the first field that is missing, unknown or out of range.
    pub fn parse(text: &str) -> Result<Self, BundleError> {
        /// The field that every format version has.
        #[derive(Deserialize)]
        struct Versioned {
            format: u32,
        }
        let wrong = |error: json::WrongField| BundleError::field(error.field, error.problem);
        let Versioned { format } = json::parse(text).map_err(wrong)?;
        if format != Self::FORMAT {
            return Err(BundleError::field("format", format!("is {format}, this build reads {}", Self::FORMAT)));
        }
        let manifest: Self = json::parse(text).map_err(wrong)?;
        manifest.check()?;
        Ok(manifest)
    }

    /// The manifest as `manifest.json` holds it.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Only maps with string keys and finite numbers: serialisation cannot fail.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Outputs of the network's classifier: the classes and the rejection outputs.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.classes.len() + self.others.map_or(0, |others| others.outputs)
    }

    /// Length of the model's embedding.
    #[must_use]
    pub fn embedding_len(&self) -> usize {
        embedding_len(&self.architecture, self.preprocessing.close)
    }

    /// Upper bound of an embedding's Euclidean norm: each of its parts has norm 1.
    pub(crate) fn longest_embedding(&self) -> f64 {
        let maps = 1 + usize::from(self.architecture.head.is_some());
        ((maps * parts_of_each_map(self.preprocessing.close)) as f64).sqrt()
    }

    /// The part of the tree that a class is seen on; `None` for a class that the model was not trained for.
    #[must_use]
    pub fn part(&self, class: &ClassId) -> Option<Part> {
        self.classes.contains(class).then(|| self.parts.get(class).copied().unwrap_or(Part::Leaf))
    }

    fn check(&self) -> Result<(), BundleError> {
        let holds = |field: &str, holds: bool, problem: &str| {
            if holds { Ok(()) } else { Err(BundleError::field(field, problem.to_owned())) }
        };
        let ModelId { name, version } = &self.model;
        holds("model.name", !name.is_empty(), "is empty")?;
        holds("model.name", !name.contains(char::is_control), "has characters that cannot be shown")?;
        holds("model.version", !version.contains(char::is_control), "has characters that cannot be shown")?;
        self.architecture.check().map_err(|error| BundleError::field(error.field, error.to_string()))?;
        self.check_classes()?;
        let Preprocessing { size, view, mean, scale, .. } = self.preprocessing;
        holds("preprocessing.size", (32..=1024).contains(&size), "is not between 32 and 1024")?;
        if let View::CentreCrop { fraction } = view {
            let inside = (0.01..=1.0).contains(&fraction);
            holds("preprocessing.view.fraction", inside, "is not between 0.01 and 1")?;
        }
        holds("preprocessing.mean", mean.is_finite(), "is not finite")?;
        holds("preprocessing.scale", scale.is_normal(), "is zero or not finite")?;
        let fits = self.architecture.largest_map(self.preprocessing.finest().into()) <= MAX_MAP;
        holds("preprocessing.size", fits, "makes a feature map of more than 64 million elements")?;
        let Calibration { temperature, slope, confident } = self.calibration;
        let warm = temperature.is_normal() && temperature > 0.0;
        holds("calibration.temperature", warm, "is not above 0")?;
        holds("calibration.slope", (0.0..=4.0).contains(&slope), "is not between 0 and 4")?;
        if let Some(Domain { typical, limit }) = self.domain {
            holds("domain.typical", typical.is_normal() && typical > 0.0, "is not above 0")?;
            holds("domain.limit", limit.is_normal() && limit > 0.0, "is not above 0")?;
        }
        if let Some(Others { outputs, limit }) = self.others {
            holds("others.outputs", (1..=64).contains(&outputs), "is not between 1 and 64")?;
            holds("others.limit", (0.0..=1.0).contains(&limit), "is not between 0 and 1")?;
        }
        if let Some(SymptomCalibration { temperature, certain }) = self.symptom {
            let warm = temperature.is_normal() && temperature > 0.0;
            holds("symptom.temperature", warm, "is not above 0")?;
            holds("symptom.certain", (0.5..=1.0).contains(&certain), "is not between 0.5 and 1")?;
        }
        let known = |class: &ClassId| self.classes.contains(class);
        holds("parts", self.parts.keys().all(known), "names a class that is not listed in classes")?;
        holds("healthy", self.healthy.iter().all(known), "names a class that is not listed in classes")?;
        holds("calibration.confident", (0.0..=1.0).contains(&confident), "is not between 0 and 1")?;
        let FewPhotosCalibration { temperature, confident, strange } = self.few_photos;
        let warm = temperature.is_normal() && temperature > 0.0;
        holds("few_photos.temperature", warm, "is not above 0")?;
        holds("few_photos.confident", (0.0..=1.0).contains(&confident), "is not between 0 and 1")?;
        holds("few_photos.strange", (0.0..=8.0).contains(&strange), "is not between 0 and 8")?;
        let mut parts = Path::new(&self.weights.file).components();
        let plain = matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None));
        holds("weights.file", plain, "is not a plain file name")?;
        holds("weights.file", self.weights.file != ModelBundle::MANIFEST, "is the manifest's own name")
    }

    fn check_classes(&self) -> Result<(), BundleError> {
        if !(2..=4096).contains(&self.classes.len()) {
            return Err(BundleError::field("classes", format!("lists {} classes", self.classes.len())));
        }
        for (index, id) in self.classes.iter().enumerate() {
            if self.classes[..index].contains(id) {
                return Err(BundleError::field(format!("classes[{index}]"), format!("lists {id} twice")));
            }
        }
        Ok(())
    }
}
