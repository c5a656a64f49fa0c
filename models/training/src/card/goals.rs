//! What the model had to reach, and whether it did.

use std::collections::BTreeMap;

use mango_inference::Verdict;

use super::{Goals, Measures};
use crate::measure::interval::Estimate;
use crate::measure::sets::SetReport;

/// One goal.
pub(super) struct Row {
    /// What is measured.
    pub(super) name: String,
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

/// Every goal that is measured without local photos. `measured` holds the manifest's figures.
pub(super) fn rows(goals: &Goals, measures: &Measures, measured: &BTreeMap<String, f64>) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut row = |name: String, goal, at_most, figure| rows.push(Row { name, goal, at_most, figure });
    for (source, goal) in &goals.unseen_mean_recall {
        if let Some(figure) = unseen(measured, source, "mean_recall") {
            row(format!("mean recall on {source}, trained without it"), *goal, false, figure);
        }
    }
    for source in unseen_sources(measured) {
        let mut of = |name: &str, figure, goal, at_most| {
            if let Some(figure) = unseen(measured, &source, figure) {
                row(format!("{name}, {source}, trained without it"), goal, at_most, figure);
            }
        };
        of("confident and wrong, of all photos", "confident_and_wrong", goals.unseen_confident_and_wrong, true);
        of("right, of those called confident", "confident_right", goals.unseen_confident_right, false);
        of("calibration error", "ece", goals.unseen_calibration_error, true);
    }
    let sets = &measures.sets.sets;
    for set in sets.iter().filter(|set| !set.judged.is_empty()) {
        let name = set.source.name();
        if let Some(goal) = goals.macro_f1.get(name) {
            row(format!("macro-F1, {name}"), *goal, false, set.macro_f1());
        }
        if let Some(goal) = goals.accuracy.get(name) {
            row(format!("accuracy, {name}, all classes ranked"), *goal, false, set.accuracy());
        }
        let seen = set.source.origin().trained_on;
        let most = if seen { goals.calibration_error } else { goals.unseen_calibration_error };
        row(format!("calibration error, {name}"), most, true, set.calibration_error());
        if !seen {
            let wrong = set.confident_and_wrong();
            row(format!("confident and wrong, of all photos, {name}"), goals.unseen_confident_and_wrong, true, wrong);
            // Without a confident photo there is no share of them.
            if set.verdict_share(Verdict::Confident).value > 0.0 {
                let right = set.confident_right();
                row(format!("right, of those called confident, {name}"), goals.unseen_confident_right, false, right);
            }
        }
    }
    let refused = |set: &SetReport| set.verdict_share(Verdict::NotMangoLeaf);
    for set in sets.iter().filter(|set| set.is_mango()) {
        row(format!("{} called `not_mango_leaf`", set.source.name()), goals.mango_refused, true, refused(set));
    }
    for set in sets {
        if let Some(goal) = goals.refused.get(set.source.name()) {
            row(format!("{} called `not_mango_leaf`", set.source.name()), *goal, false, refused(set));
        }
    }
    rows
}

/// Sources that a model was trained without, by the manifest's figures.
pub(super) fn unseen_sources(measured: &BTreeMap<String, f64>) -> Vec<String> {
    let name = |key: &String| Some(key.strip_prefix("unseen.")?.strip_suffix(".mean_recall")?.to_owned());
    measured.keys().filter_map(name).collect()
}

/// A figure of a model that was trained without a source.
pub(super) fn unseen(measured: &BTreeMap<String, f64>, source: &str, figure: &str) -> Option<Estimate> {
    let of = |end: &str| measured.get(&format!("unseen.{source}.{figure}{end}")).copied();
    Some(Estimate { value: of("")?, low: of(".low")?, high: of(".high")? })
}
