//! `evaluate-sets`: every photo set at hand, the test split of those that are trained on.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use mango_inference::{ClassId, Verdict};

use super::interval::{Drawn, Estimate, estimate};
use super::metrics::{Confusion, Judged, expected_calibration_error, share};
use super::model::Model;
use super::orchard::confident_right;
use super::text::written;
use crate::photos::dataset::Split;
use crate::photos::sources::{Collection, DISEASED, FRUIT, HEALTHY, OTHER_LEAF, OTHER_SCENE, Source};

/// A bundle's answers on every set.
#[derive(Clone, Debug)]
pub struct SetsReport {
    /// The model, name and version.
    pub model: String,
    /// The classes that the model knows, in the order of the indices.
    pub classes: Vec<ClassId>,
    /// The sets.
    pub sets: Vec<SetReport>,
}

/// A bundle's answers on one set.
#[derive(Clone, Debug)]
pub struct SetReport {
    /// The set.
    pub source: Source,
    /// Photos whose class is known to the model.
    pub judged: Vec<Judged>,
    /// Every photo.
    pub photos: Vec<Taken>,
}

/// The answer to a photo, held against its label.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The photo's label.
    pub label: ClassId,
    /// The leaf or fruit that it shows.
    pub group: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Whether the model and the label agree on symptom or none; `None` if one of them states neither.
    pub symptom_right: Option<bool>,
}

impl Drawn for Taken {
    fn unit(&self) -> (usize, &str) {
        (usize::from(self.label.as_str() == HEALTHY), &self.group)
    }
}

/// Answers every photo of every set.
///
/// # Errors
/// A set is missing, or a photo cannot be taken.
pub fn evaluate(model: &Model, data: &Path) -> Result<SetsReport> {
    let classes = model.manifest().classes.clone();
    let mut sets = Vec::new();
    for source in Source::ALL {
        let photos = Collection::read(data, &[source])?;
        let photos = if source.origin().trained_on { photos.split(Split::Test) } else { photos };
        let answers = model.answer_files(&photos.photos.paths(), source.name())?;
        let mut report = SetReport { source, judged: Vec::new(), photos: Vec::new() };
        for (sample, answer) in photos.photos.samples.iter().zip(&answers) {
            if let Some(truth) = classes.iter().position(|class| *class == sample.class) {
                report.judged.push(answer.judged(truth, &sample.group));
            }
            let ill = is_ill(&sample.class);
            report.photos.push(Taken {
                label: sample.class.clone(),
                group: sample.group.clone(),
                verdict: answer.verdict,
                symptom_right: ill.zip(answer.symptom).map(|(ill, symptom)| ill == (symptom >= 0.5)),
            });
        }
        sets.push(report);
    }
    Ok(SetsReport { model: model.name(), classes, sets })
}

/// Whether a label means a symptom of a leaf; `None` for fruit and for photos without mango.
fn is_ill(label: &ClassId) -> Option<bool> {
    match label.as_str() {
        HEALTHY => Some(false),
        DISEASED => Some(true),
        OTHER_LEAF | OTHER_SCENE => None,
        other => (!other.starts_with(FRUIT)).then_some(true),
    }
}

impl SetReport {
    /// Whether the set shows mango.
    #[must_use]
    pub fn is_mango(&self) -> bool {
        self.photos.iter().any(|photo| ![OTHER_LEAF, OTHER_SCENE].contains(&photo.label.as_str()))
    }

    /// Mean F1 of the classes that the set shows.
    #[must_use]
    pub fn macro_f1(&self) -> Estimate {
        estimate(&self.judged, |drawn| self.confusion(drawn).macro_f1())
    }

    /// Mean over the classes that the set shows of the share of photos called so.
    #[must_use]
    pub fn mean_recall(&self) -> Estimate {
        estimate(&self.judged, |drawn| self.confusion(drawn).mean_recall())
    }

    /// Share of photos whose class came first.
    #[must_use]
    pub fn accuracy(&self) -> Estimate {
        estimate(&self.judged, |drawn| share(drawn, |photo| photo.is_right()))
    }

    /// Expected calibration error of the first class's probability.
    #[must_use]
    pub fn calibration_error(&self) -> Estimate {
        estimate(&self.judged, |drawn| expected_calibration_error(drawn.iter().copied()))
    }

    /// Share of all photos that are called confident and wrongly named.
    #[must_use]
    pub fn confident_and_wrong(&self) -> Estimate {
        estimate(&self.judged, |drawn| share(drawn, |photo| photo.verdict == Verdict::Confident && !photo.is_right()))
    }

    /// Of the photos called confident, the share rightly named.
    #[must_use]
    pub fn confident_right(&self) -> Estimate {
        confident_right(&self.judged)
    }

    /// Share with that verdict.
    #[must_use]
    pub fn verdict_share(&self, verdict: Verdict) -> Estimate {
        estimate(&self.photos, |drawn| share(drawn, |photo| photo.verdict == verdict))
    }

    /// Balanced accuracy of symptom against none; `None` if the set shows only one of them.
    #[must_use]
    pub fn symptom_balanced(&self) -> Option<Estimate> {
        let known: Vec<Taken> = self.photos.iter().filter(|photo| photo.symptom_right.is_some()).cloned().collect();
        let of = |drawn: &[&Taken], healthy: bool| {
            let group = drawn.iter().filter(|photo| (photo.label.as_str() == HEALTHY) == healthy);
            share(group, |photo| photo.symptom_right == Some(true))
        };
        let healthy = known.iter().filter(|photo| photo.label.as_str() == HEALTHY).count();
        let both = healthy > 0 && healthy < known.len();
        both.then(|| estimate(&known, |drawn| f64::midpoint(of(drawn, true), of(drawn, false))))
    }

    fn confusion(&self, drawn: &[&Judged]) -> Confusion {
        let classes = self.judged.iter().map(|photo| photo.truth.max(photo.predicted) + 1).max().unwrap_or(0);
        Confusion::new(classes, drawn.iter().copied())
    }
}

impl SetsReport {
    /// The figures as text.
    #[must_use]
    pub fn to_text(&self) -> String {
        written(|text| {
            writeln!(text, "{} (95 %, bootstrap over groups)", self.model)?;
            self.sets.iter().try_for_each(|set| self.write(text, set))
        })
    }

    fn write(&self, text: &mut String, set: &SetReport) -> std::fmt::Result {
        let trained_on = if set.source.origin().trained_on { "test split" } else { "never trained on" };
        writeln!(text, "\n== {}, {trained_on}: {} photos", set.source.name(), set.photos.len())?;
        if !set.judged.is_empty() {
            writeln!(text, "macro-F1                           {}", set.macro_f1())?;
            writeln!(text, "accuracy                           {}", set.accuracy())?;
            writeln!(text, "calibration error                  {}", set.calibration_error())?;
            writeln!(text, "confident and wrong, of all photos {}", set.confident_and_wrong())?;
            writeln!(text, "right, of those called confident   {}", set.confident_right())?;
        }
        if let Some(balanced) = set.symptom_balanced() {
            writeln!(text, "symptom or none, balanced          {balanced}")?;
        }
        writeln!(text, "called confident                   {}", set.verdict_share(Verdict::Confident))?;
        writeln!(text, "called not_mango_leaf              {}", set.verdict_share(Verdict::NotMangoLeaf))?;
        let confusion = set.confusion(&set.judged.iter().collect::<Vec<_>>());
        for (class, id) in self.classes.iter().enumerate().take(confusion.counts.len()) {
            let figures = confusion.class(class);
            if figures.support > 0 {
                writeln!(text, "  recall {id:24} {:.3} of {}", figures.recall, figures.support)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(label: &str, right: Option<bool>, group: usize) -> Taken {
        Taken {
            label: label.to_owned().try_into().unwrap(),
            group: group.to_string(),
            verdict: Verdict::Unsure,
            symptom_right: right,
        }
    }

    fn report(photos: Vec<Taken>) -> SetReport {
        SetReport { source: Source::Chouhan, judged: Vec::new(), photos }
    }

    #[test]
    fn many_leaves_with_a_symptom_do_not_hide_the_few_without() {
        let mut photos: Vec<Taken> = (0..30).map(|i| taken(DISEASED, Some(true), i)).collect();
        photos.extend((30..32).map(|i| taken(HEALTHY, Some(false), i)));
        assert_eq!(report(photos).symptom_balanced().unwrap().value, 0.5);
    }

    #[test]
    fn one_kind_of_leaf_alone_has_no_balance() {
        assert!(report(vec![taken(HEALTHY, Some(true), 0)]).symptom_balanced().is_none());
    }

    #[test]
    fn labels_of_leaves_say_symptom_or_none_and_others_do_not() {
        let of = |label: &str| is_ill(&label.to_owned().try_into().unwrap());
        assert_eq!([of(HEALTHY), of(DISEASED), of("red_rust")], [Some(false), Some(true), Some(true)]);
        assert_eq!([of(OTHER_LEAF), of("fruit_alternaria")], [None, None]);
    }
}
