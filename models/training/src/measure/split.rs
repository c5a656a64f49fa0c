//! `evaluate`: a grouped split, whose leaves are not in the training split.

use std::fmt::Write as _;

use anyhow::{Result, ensure};
use mango_inference::{ClassId, Verdict};

use super::interval::{Drawn, Estimate, estimate};
use super::metrics::{Confusion, Judged, by_group, expected_calibration_error, share};
use super::model::Model;
use super::orchard::{confident_right, verdict_share};
use super::text::write_confusion;
use crate::photos::dataset::{Dataset, Split};

/// A bundle's answers on a split.
#[derive(Clone, Debug)]
pub struct SplitReport {
    /// The model, name and version.
    pub model: String,
    /// The split.
    pub split: Split,
    /// The classes, in the order of the indices.
    pub classes: Vec<ClassId>,
    /// Every photo.
    pub judged: Vec<Judged>,
}

/// Classifies every photo of a split.
///
/// # Errors
/// A photo that cannot be decoded, or of a class that the model does not have.
pub fn evaluate(model: &Model, dataset: &Dataset, split: Split) -> Result<SplitReport> {
    let dataset = dataset.split(split);
    let (judged, _) = model.judge(&dataset, "predicting")?;
    Ok(SplitReport { model: model.name(), split, classes: model.manifest().classes.clone(), judged })
}

/// The difference of two bundles on the same photos of a split: the second's macro-F1 minus the first's. The bootstrap
/// is paired: it draws the same leaves for both bundles, so that the difficulty of leaves does not widen the interval.
///
/// # Errors
/// Those of [`evaluate`], and bundles with different classes.
pub fn difference(model: &Model, other: &Model, dataset: &Dataset, split: Split) -> Result<Estimate> {
    ensure!(model.manifest().classes == other.manifest().classes, "the two bundles have different classes");
    let [ours, theirs] = [evaluate(model, dataset, split)?, evaluate(other, dataset, split)?];
    let pairs: Vec<Pair> = ours.judged.into_iter().zip(theirs.judged).map(Pair).collect();
    let classes = ours.classes.len();
    Ok(estimate(&pairs, |drawn| {
        let ours = Confusion::new(classes, drawn.iter().map(|pair| &pair.0.0)).macro_f1();
        let theirs = Confusion::new(classes, drawn.iter().map(|pair| &pair.0.1)).macro_f1();
        theirs - ours
    }))
}

/// The results of two bundles for a photo.
struct Pair((Judged, Judged));

impl Drawn for Pair {
    fn unit(&self) -> (usize, &str) {
        self.0.0.unit()
    }
}

impl SplitReport {
    /// Counts of truth against prediction.
    #[must_use]
    pub fn confusion(&self) -> Confusion {
        Confusion::new(self.classes.len(), &self.judged)
    }

    /// Mean of the classes' F1.
    #[must_use]
    pub fn macro_f1(&self) -> Estimate {
        estimate(&self.judged, |drawn| self.confusion_of(drawn).macro_f1())
    }

    /// F1 of one class.
    #[must_use]
    pub fn f1(&self, class: usize) -> Estimate {
        estimate(&self.judged, |drawn| self.confusion_of(drawn).class(class).f1)
    }

    /// Accuracy.
    #[must_use]
    pub fn accuracy(&self) -> Estimate {
        estimate(&self.judged, |drawn| share(drawn, |photo| photo.is_right()))
    }

    /// Expected calibration error.
    #[must_use]
    pub fn calibration_error(&self) -> Estimate {
        estimate(&self.judged, |drawn| expected_calibration_error(drawn.iter().copied()))
    }

    /// Share of confident predictions.
    #[must_use]
    pub fn confident(&self) -> Estimate {
        verdict_share(&self.judged, Verdict::Confident)
    }

    /// Accuracy of confident predictions.
    #[must_use]
    pub fn confident_right(&self) -> Estimate {
        confident_right(&self.judged)
    }

    fn confusion_of(&self, drawn: &[&Judged]) -> Confusion {
        Confusion::new(self.classes.len(), drawn.iter().copied())
    }

    /// The figures as tables; with `all_groups` for every group, else only for groups with an error.
    #[must_use]
    pub fn to_text(&self, all_groups: bool) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = self.write_summary(&mut text);
        let _ = self.write_classes(&mut text);
        let _ = write_confusion(&mut text, &self.classes, &self.confusion());
        let _ = self.write_groups(&mut text, all_groups);
        text
    }

    fn write_summary(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "{} on {}: {} photos", self.model, self.split.name(), self.judged.len())?;
        writeln!(text, "{:20} share (95 %, bootstrap over groups)", "")?;
        writeln!(text, "{:20} {}", "accuracy", self.accuracy())?;
        writeln!(text, "{:20} {}", "macro-F1", self.macro_f1())?;
        writeln!(text, "{:20} {}", "calibration error", self.calibration_error())?;
        writeln!(text, "{:20} {}", "called confident", self.confident())?;
        writeln!(text, "{:20} {}\n", "  of which right", self.confident_right())
    }

    fn write_classes(&self, text: &mut String) -> std::fmt::Result {
        let confusion = self.confusion();
        let groups = by_group(&self.judged);
        writeln!(text, "{:18} precision  recall      F1  photos  groups  without an error", "class")?;
        for (index, class) in self.classes.iter().enumerate() {
            let figures = confusion.class(index);
            let shown = groups.iter().filter(|group| group.class == index);
            let whole = shown.clone().filter(|group| group.right == group.photos).count();
            writeln!(
                text,
                "{:18} {:>9.3} {:>7.3} {:>7.3} {:>7} {:>7} {whole:>17}",
                class.as_str(),
                figures.precision,
                figures.recall,
                figures.f1,
                figures.support,
                shown.count(),
            )?;
        }
        writeln!(text)
    }

    fn write_groups(&self, text: &mut String, all: bool) -> std::fmt::Result {
        let groups = by_group(&self.judged);
        let whole = groups.iter().filter(|group| group.right == group.photos).count();
        writeln!(text, "\ngroups (leaves): {}, of which {whole} without an error", groups.len())?;
        for group in groups.iter().filter(|group| all || group.right < group.photos) {
            let class = self.classes[group.class].as_str();
            writeln!(text, "  {:10} {class:18} {:>3} of {:>3} right", group.group, group.right, group.photos)?;
        }
        Ok(())
    }
}
