//! Training targets: the outputs that a photo's label allows.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use mango_inference::{ClassId, Part};

/// Label of a mango leaf with an unspecified symptom.
pub const DISEASED: &str = "diseased";

/// Class of a leaf without symptoms.
pub const HEALTHY: &str = "healthy";

/// Prefix of the classes of fruit.
pub const FRUIT: &str = "fruit_";

/// Label of a leaf of another plant.
pub const OTHER_LEAF: &str = "other_leaf";

/// Label of a photo of anything else.
pub const OTHER_SCENE: &str = "other_scene";

/// The outputs of a model with a softmax: classes of leaf and fruit first, then the rejection outputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Outputs {
    classes: Vec<(ClassId, Part)>,
    others: Vec<&'static str>,
}

/// The allowed outputs, exactly one of which is right: one output for a known class, several for a partial label.
pub type Target = Vec<bool>;

impl Outputs {
    /// Outputs for these classes, and a rejection output for each of these labels.
    #[must_use]
    pub fn new(classes: Vec<(ClassId, Part)>, others: Vec<&'static str>) -> Self {
        Self { classes, others }
    }

    /// The part of the tree of each class, as in a manifest: empty if all are leaf classes.
    #[must_use]
    pub fn parts(&self) -> BTreeMap<ClassId, Part> {
        let several = self.classes.iter().any(|(_, part)| *part != Part::Leaf);
        self.classes.iter().filter(|_| several).cloned().collect()
    }

    /// The classes that mean no symptom.
    #[must_use]
    pub fn healthy(&self) -> BTreeSet<ClassId> {
        let healthy = |id: &ClassId| id.as_str() == HEALTHY || id.as_str().ends_with("_healthy");
        self.classes.iter().map(|(id, _)| id).filter(|id| healthy(id)).cloned().collect()
    }

    /// The classes, in the outputs' order.
    #[must_use]
    pub fn classes(&self) -> &[(ClassId, Part)] {
        &self.classes
    }

    /// The outputs of leaf classes, each with whether it means no symptom.
    pub fn leaf_classes(&self) -> impl Iterator<Item = (usize, bool)> {
        let leaves = self.classes.iter().enumerate().filter(|(_, (_, part))| *part == Part::Leaf);
        leaves.map(|(index, (id, _))| (index, id.as_str() == HEALTHY))
    }

    /// Number of outputs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.classes.len() + self.others.len()
    }

    /// Whether there is no output.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of rejection outputs.
    #[must_use]
    pub fn others(&self) -> usize {
        self.others.len()
    }

    /// The outputs that a label allows.
    ///
    /// # Errors
    /// The model has no output for the label.
    pub fn target(&self, label: &str) -> Result<Target> {
        let leaf_symptom =
            |(id, part): &(ClassId, Part)| label == DISEASED && *part == Part::Leaf && id.as_str() != HEALTHY;
        let classes = self.classes.iter().map(|class| class.0.as_str() == label || leaf_symptom(class));
        let target: Target = classes.chain(self.others.iter().map(|other| *other == label)).collect();
        if !target.contains(&true) {
            bail!("the model has no output for photos labelled {label}");
        }
        Ok(target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outputs() -> Outputs {
        let class = |id: &str, part| (ClassId::try_from(id.to_owned()).unwrap(), part);
        Outputs::new(
            vec![
                class("anthracnose", Part::Leaf),
                class("healthy", Part::Leaf),
                class("sooty_mould", Part::Leaf),
                class("fruit_healthy", Part::Fruit),
            ],
            vec![OTHER_LEAF, OTHER_SCENE],
        )
    }

    #[test]
    fn a_known_class_allows_one_output_and_a_partial_label_all_leaf_symptoms() {
        let outputs = outputs();
        assert_eq!(outputs.target("healthy").unwrap(), [false, true, false, false, false, false]);
        assert_eq!(outputs.target(DISEASED).unwrap(), [true, false, true, false, false, false]);
        assert_eq!(outputs.target(OTHER_SCENE).unwrap(), [false, false, false, false, false, true]);
    }

    #[test]
    fn a_label_without_an_output_is_an_error() {
        assert!(outputs().target("red_rust").unwrap_err().to_string().contains("red_rust"));
    }
}
