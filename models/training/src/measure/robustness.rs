//! `evaluate-robustness`: the test leaves with every corruption and severity.

mod answers;

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use mango_inference::ClassId;

use super::corruption::Corruption;
use super::interval::{Drawn, Estimate, estimate};
use super::metrics::Confusion;
use super::model::Model;
use super::sample::{evenly, one_of_each_leaf};
use super::text::written;
use crate::photos::dataset::{Dataset, Split};

/// Shorter side in pixels to which every photo is resized before corruption, the clean reference too.
pub const SHORT_SIDE: u32 = 320;

/// One photo and the predicted classes of its views.
#[derive(Clone, Debug, PartialEq)]
pub struct Viewed {
    /// Index of the true class.
    pub truth: usize,
    /// The leaf.
    pub group: String,
    /// Index of the first class: clean, then each corruption's five severities, in the order of [`Corruption::ALL`].
    pub predicted: Vec<u16>,
}

impl Drawn for Viewed {
    fn unit(&self) -> (usize, &str) {
        (self.truth, &self.group)
    }
}

/// A bundle's answers on corrupted photos.
#[derive(Clone, Debug)]
pub struct RobustnessReport {
    /// The model, name and version.
    pub model: String,
    /// The classes, in the order of the indices.
    pub classes: Vec<ClassId>,
    /// Number of photos of a full evaluation.
    pub photos_in_all: usize,
    /// Every photo that was measured.
    pub viewed: Vec<Viewed>,
}

/// Runs the model on the first photo of every leaf of MangoLeafBD's test split, corrupted; if `photos` is given, on at
/// most that many.
///
/// Answers are cached in `cache`: an interrupted run resumes.
///
/// # Errors
/// A photo that cannot be decoded, or a cache that cannot be written.
pub fn evaluate(model: &Model, data: &Path, cache: &Path, photos: Option<usize>) -> Result<RobustnessReport> {
    let whole = one_of_each_leaf(&Dataset::mango_leaf_bd(data)?.split(Split::Test));
    let dataset = photos.map_or_else(|| whole.clone(), |photos| evenly(&whole, photos));
    Ok(RobustnessReport {
        model: model.name(),
        classes: model.manifest().classes.clone(),
        photos_in_all: whole.samples.len(),
        viewed: answers::of(model, &dataset, cache)?,
    })
}

impl RobustnessReport {
    /// Whether only a part of the split was evaluated, which is not a reportable result.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.viewed.len() < self.photos_in_all
    }

    /// Macro-F1 of the uncorrupted photos at the same size.
    #[must_use]
    pub fn clean_f1(&self) -> Estimate {
        estimate(&self.viewed, |drawn| self.confusion(drawn, 0).macro_f1())
    }

    /// Error rate on the uncorrupted photos.
    #[must_use]
    pub fn clean_error(&self) -> Estimate {
        estimate(&self.viewed, |drawn| 1.0 - self.confusion(drawn, 0).accuracy())
    }

    /// Macro-F1 of one corruption at one severity.
    #[must_use]
    pub fn macro_f1(&self, corruption: Corruption, severity: usize) -> f64 {
        let all: Vec<&Viewed> = self.viewed.iter().collect();
        self.confusion(&all, view(corruption, severity)).macro_f1()
    }

    /// Mean of macro-F1 over every corruption and severity.
    #[must_use]
    pub fn mean_f1(&self) -> Estimate {
        estimate(&self.viewed, |drawn| self.mean(|view| self.confusion(drawn, view).macro_f1()))
    }

    /// Mean corruption error: the mean of 1 − accuracy over every corruption and severity. The paper divides by
    /// AlexNet's error to weight ImageNet's corruptions; this is not done here, since AlexNet's error on leaves is not
    /// known.
    #[must_use]
    pub fn mean_corruption_error(&self) -> Estimate {
        estimate(&self.viewed, |drawn| self.error(drawn))
    }

    /// The difference between the mean corruption error and the clean error.
    #[must_use]
    pub fn error_above_clean(&self) -> Estimate {
        estimate(&self.viewed, |drawn| self.error(drawn) - (1.0 - self.confusion(drawn, 0).accuracy()))
    }

    fn error(&self, drawn: &[&Viewed]) -> f64 {
        self.mean(|view| 1.0 - self.confusion(drawn, view).accuracy())
    }

    fn mean(&self, of: impl Fn(usize) -> f64) -> f64 {
        let views = Corruption::ALL.len() * Corruption::SEVERITIES;
        (1..=views).map(of).sum::<f64>() / views as f64
    }

    fn confusion(&self, drawn: &[&Viewed], view: usize) -> Confusion {
        let pairs = drawn.iter().map(|photo| (photo.truth, usize::from(photo.predicted[view])));
        Confusion::count(self.classes.len(), pairs)
    }

    /// The figures as a table.
    #[must_use]
    pub fn to_text(&self) -> String {
        written(|text| self.write(text))
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "{} on corrupted photos of test: {} photos", self.model, self.viewed.len())?;
        if self.is_partial() {
            writeln!(text, "QUICK LOOK: a part of the {} photos, no result to report", self.photos_in_all)?;
        }
        writeln!(text, "{:32} share (95 %, bootstrap over groups)", "")?;
        writeln!(text, "{:32} {}", format!("clean macro-F1, short side {SHORT_SIDE}"), self.clean_f1())?;
        writeln!(text, "{:32} {}", "clean error", self.clean_error())?;
        writeln!(text, "{:32} {}", "mean macro-F1", self.mean_f1())?;
        writeln!(text, "{:32} {}", "mean corruption error", self.mean_corruption_error())?;
        writeln!(text, "{:32} {}\n", "  above the clean error", self.error_above_clean())?;
        writeln!(text, "{:16} macro-F1 at severity 1      2      3      4      5", "corruption")?;
        for corruption in Corruption::ALL {
            write!(text, "{:16} {:>13}", corruption.name(), "")?;
            for severity in 1..=Corruption::SEVERITIES {
                write!(text, " {:>6.3}", self.macro_f1(corruption, severity))?;
            }
            writeln!(text)?;
        }
        Ok(())
    }
}

/// The index of a corrupted view in [`Viewed::predicted`].
fn view(corruption: Corruption, severity: usize) -> usize {
    1 + corruption as usize * Corruption::SEVERITIES + severity.clamp(1, Corruption::SEVERITIES) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_two_photos_match_hand_computed_values() {
        // Both are right when clean; the second is wrong only with JPEG corruption.
        let views = 1 + Corruption::ALL.len() * Corruption::SEVERITIES;
        let mut second = vec![1; views];
        second[views - 5..].fill(0);
        let viewed = [(0, vec![0; views]), (1, second)].map(|(truth, predicted)| Viewed {
            truth,
            group: format!("g{truth}"),
            predicted,
        });
        let classes = ["a", "b"].map(|id| ClassId::try_from(id.to_owned()).unwrap());
        let report = RobustnessReport {
            model: "m 1".to_owned(),
            classes: classes.to_vec(),
            photos_in_all: 9,
            viewed: viewed.to_vec(),
        };
        assert_eq!(report.clean_error().value, 0.0);
        assert!((report.mean_corruption_error().value - 0.5 / 15.0).abs() < 1e-12);
        assert_eq!(report.macro_f1(Corruption::Shadow, 5), 1.0);
        assert!((report.macro_f1(Corruption::Jpeg, 1) - 1.0 / 3.0).abs() < 1e-12);
        assert!(report.to_text().contains("QUICK LOOK"), "{}", report.to_text());
    }
}
