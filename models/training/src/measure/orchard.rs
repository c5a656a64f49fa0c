//! `evaluate-orchard`: leaves of an orchard, a country and cameras that the model was not trained on.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use mango_inference::{ClassId, Verdict};

use super::interval::{Estimate, estimate};
use super::metrics::{Confusion, Judged, expected_calibration_error, share};
use super::model::Model;
use super::text::written;
use crate::photos::dataset::Dataset;

/// A bundle's answers on the other orchard.
#[derive(Clone, Debug)]
pub struct OrchardReport {
    /// The model, name and version.
    pub model: String,
    /// The model's classes, in the order of the indices.
    pub classes: Vec<ClassId>,
    /// The results with all classes ranked.
    pub judged: Vec<Judged>,
    /// The results with only the set's classes ranked.
    pub among_shown: Vec<Judged>,
}

/// Classifies every photo of `other_orchard.tsv`.
///
/// # Errors
/// A photo that cannot be decoded, or of a class that the model does not have.
pub fn evaluate(model: &Model, data: &Path) -> Result<OrchardReport> {
    let dataset = Dataset::other_orchard(data)?;
    let (judged, answers) = model.judge(&dataset, "other orchard")?;
    let mut shown: Vec<usize> = judged.iter().map(|photo| photo.truth).collect();
    shown.sort_unstable();
    shown.dedup();
    let among_shown = judged.iter().zip(&answers).map(|(photo, answer)| {
        let predicted = answer.best_among(shown.iter().copied());
        Judged { predicted, probability: answer.probabilities[predicted], ..photo.clone() }
    });
    let among_shown = among_shown.collect();
    Ok(OrchardReport { model: model.name(), classes: model.manifest().classes.clone(), judged, among_shown })
}

impl OrchardReport {
    /// Accuracy with all the model's classes ranked.
    #[must_use]
    pub fn accuracy(&self) -> Estimate {
        estimate(&self.judged, right)
    }

    /// Accuracy with only the set's classes ranked.
    #[must_use]
    pub fn accuracy_among_shown(&self) -> Estimate {
        estimate(&self.among_shown, right)
    }

    /// Expected calibration error.
    #[must_use]
    pub fn calibration_error(&self) -> Estimate {
        estimate(&self.judged, |drawn| expected_calibration_error(drawn.iter().copied()))
    }

    /// Share of these mango leaves with the verdict `not_mango_leaf`.
    #[must_use]
    pub fn not_mango_leaf(&self) -> Estimate {
        verdict_share(&self.judged, Verdict::NotMangoLeaf)
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

    /// Index, number of photos and recall of each of the set's classes.
    #[must_use]
    pub fn recalls(&self) -> Vec<(usize, usize, Estimate)> {
        let confusion = Confusion::new(self.classes.len(), &self.judged);
        let shown = (0..self.classes.len()).filter(|class| confusion.class(*class).support > 0);
        shown
            .map(|class| {
                let photos: Vec<Judged> = self.judged.iter().filter(|photo| photo.truth == class).cloned().collect();
                (class, photos.len(), estimate(&photos, right))
            })
            .collect()
    }

    /// The figures as a table.
    #[must_use]
    pub fn to_text(&self) -> String {
        written(|text| self.write(text))
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        let ways = self.classes.len();
        writeln!(text, "{} on the other orchard: {} photos", self.model, self.judged.len())?;
        writeln!(text, "{:32} share (95 %, bootstrap over groups)", "")?;
        writeln!(text, "{:32} {}", format!("accuracy, {ways}-way"), self.accuracy())?;
        writeln!(text, "{:32} {}", "accuracy, its own classes only", self.accuracy_among_shown())?;
        for (class, photos, recall) in self.recalls() {
            writeln!(text, "{:32} {recall}", format!("recall {} ({photos})", self.classes[class]))?;
        }
        writeln!(text, "{:32} {}", "calibration error", self.calibration_error())?;
        writeln!(text, "{:32} {}", "called not_mango_leaf", self.not_mango_leaf())?;
        writeln!(text, "{:32} {}", "called confident", self.confident())?;
        writeln!(text, "{:32} {}", "  of which right", self.confident_right())?;
        writeln!(text)?;
        super::text::write_confusion(text, &self.classes, &Confusion::new(ways, &self.judged))
    }
}

fn right(drawn: &[&Judged]) -> f64 {
    share(drawn, |photo| photo.is_right())
}

/// Share of photos with that verdict.
#[must_use]
pub fn verdict_share(judged: &[Judged], verdict: Verdict) -> Estimate {
    estimate(judged, |drawn| share(drawn, |photo| photo.verdict == verdict))
}

/// Accuracy of confident predictions.
#[must_use]
pub fn confident_right(judged: &[Judged]) -> Estimate {
    estimate(judged, |drawn| {
        let confident = drawn.iter().filter(|photo| photo.verdict == Verdict::Confident);
        share(confident, |photo| photo.is_right())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_a_small_orchard_match_hand_computed_values() {
        let judged = |predicted, verdict, group: &str| Judged {
            truth: 0,
            predicted,
            probability: 0.5,
            verdict,
            group: group.to_owned(),
        };
        let all = vec![
            judged(0, Verdict::Confident, "a"),
            judged(2, Verdict::Confident, "a"),
            judged(0, Verdict::NotMangoLeaf, "b"),
            judged(1, Verdict::Unsure, "c"),
        ];
        let among_shown = all.iter().map(|photo| Judged { predicted: 0, ..photo.clone() }).collect();
        let classes = ["anthracnose", "healthy", "sooty_mould"].map(|id| ClassId::try_from(id.to_owned()).unwrap());
        let report = OrchardReport { model: "m 1".to_owned(), classes: classes.to_vec(), judged: all, among_shown };
        assert_eq!(report.accuracy().value, 0.5);
        assert_eq!(report.accuracy_among_shown().value, 1.0);
        assert_eq!(report.not_mango_leaf().value, 0.25);
        assert_eq!((report.confident().value, report.confident_right().value), (0.5, 0.5));
        assert_eq!(report.recalls().len(), 1);
        assert!(report.to_text().contains("recall anthracnose (4)"), "{}", report.to_text());
    }
}
