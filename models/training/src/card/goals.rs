//! What the model had to reach, and whether it did.

use super::{Goals, Measures};
use crate::measure::interval::Estimate;

/// One goal.
pub(super) struct Row {
    /// What is measured.
    pub(super) name: &'static str,
    /// The figure to reach.
    goal: f64,
    /// Whether less is better.
    at_most: bool,
    /// The figure reached.
    pub(super) figure: Estimate,
}

impl Row {
    pub(super) fn goal(&self) -> String {
        format!("{} {}", if self.at_most { "≤" } else { "≥" }, self.goal)
    }

    /// By the figure itself; its interval stands beside it.
    pub(super) fn is_reached(&self) -> bool {
        if self.at_most { self.figure.value <= self.goal } else { self.figure.value >= self.goal }
    }
}

/// Every goal that is measured without local photos.
pub(super) fn rows(goals: &Goals, measures: &Measures) -> Vec<Row> {
    let Measures { test, orchard, domain, .. } = measures;
    let at_least = |name, goal, figure| Row { name, goal, at_most: false, figure };
    let at_most = |name, goal, figure| Row { name, goal, at_most: true, figure };
    vec![
        at_least("macro-F1, MangoLeafBD's grouped test split", goals.macro_f1, test.macro_f1()),
        at_least("accuracy, other orchard, all classes ranked", goals.other_orchard_accuracy, orchard.accuracy()),
        at_most("calibration error, test split", goals.calibration_error, test.calibration_error()),
        at_most("calibration error, other orchard", goals.other_orchard_calibration_error, orchard.calibration_error()),
        at_least("AUROC, objects against the test split", goals.auroc_objects, domain.auroc_objects()),
        at_least("AUROC, guava leaves against the test split", goals.auroc_guava, domain.auroc_guava()),
        at_most(
            "other orchard's leaves called `not_mango_leaf`",
            goals.other_orchard_not_mango_leaf,
            orchard.not_mango_leaf(),
        ),
    ]
}
