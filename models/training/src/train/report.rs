//! What a grower of an unseen source would have been answered.

use std::collections::BTreeMap;
use std::fmt::{self, Display};

use mango_inference::{ClassId, Part, Verdict};

use super::confidence::{Answer, Confidence};
use crate::measure::interval::Estimate;
use crate::measure::metrics::{Confusion, Judged, highest, share};
use crate::measure::sets::{SetReport, Taken};
use crate::photos::sources::Source;

/// Answers of a fold to the photos of the source that it was trained without.
#[derive(Clone, Debug)]
pub(super) struct Unseen {
    classes: Vec<ClassId>,
    /// Photos of classes that the fold was trained on.
    set: SetReport,
    /// Verdicts on photos of the other classes.
    unknown: Vec<Verdict>,
    confidence: Confidence,
}

impl Unseen {
    /// Takes the answers with a confidence that was fitted without the source too.
    pub(super) fn new(source: Source, classes: &[(ClassId, Part)], confidence: Confidence, answers: &[Answer]) -> Self {
        let mut set = SetReport { source, judged: Vec::new(), photos: Vec::new() };
        let mut unknown = Vec::new();
        for answer in answers {
            let Some(truth) = answer.class() else { continue };
            let (probability, verdict) = confidence.verdict(answer);
            if !answer.known {
                unknown.push(verdict);
                continue;
            }
            let (predicted, group) = (highest(&answer.logits), answer.group.clone());
            set.photos.push(Taken {
                label: classes[truth].0.clone(),
                group: group.clone(),
                verdict,
                symptom_right: None,
            });
            set.judged.push(Judged { truth, predicted, probability, verdict, group });
        }
        Self { classes: classes.iter().map(|(id, _)| id.clone()).collect(), set, unknown, confidence }
    }

    /// The figures as a manifest states them, with the ends of their intervals.
    pub(super) fn measured(&self) -> BTreeMap<String, f64> {
        let set = &self.set;
        let figures: [(&str, Estimate); 5] = [
            ("mean_recall", set.mean_recall()),
            ("confident_and_wrong", set.confident_and_wrong()),
            ("confident_right", set.confident_right()),
            ("confident", set.verdict_share(Verdict::Confident)),
            ("ece", set.calibration_error()),
        ];
        let named = figures.into_iter().flat_map(|(name, Estimate { value, low, high })| {
            let name = format!("unseen.{}.{name}", set.source.name());
            [(format!("{name}.low"), low), (format!("{name}.high"), high), (name, value)]
        });
        named.collect()
    }
}

impl Display for Unseen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (set, calibration) = (&self.set, &self.confidence.calibration);
        writeln!(f, "\n== {} was not trained on: {} photos", set.source.name(), set.judged.len())?;
        writeln!(f, "confident and wrong, of all photos   {}", set.confident_and_wrong())?;
        writeln!(f, "right, of those called confident     {}", set.confident_right())?;
        writeln!(f, "called confident                     {}", set.verdict_share(Verdict::Confident))?;
        writeln!(f, "mean recall                          {}", set.mean_recall())?;
        writeln!(f, "calibration error                    {}", set.calibration_error())?;
        writeln!(f, "called not_mango_leaf                {}", set.verdict_share(Verdict::NotMangoLeaf))?;
        let confident = share(&self.unknown, |verdict| *verdict == Verdict::Confident);
        writeln!(f, "classes that it does not know        {} photos, confident {confident:.3}", self.unknown.len())?;
        writeln!(
            f,
            "threshold {:.3}, temperature {:.3}, slope {:.3}",
            calibration.confident, calibration.temperature, calibration.slope
        )?;
        let confusion = Confusion::new(self.classes.len(), &set.judged);
        for (class, id) in self.classes.iter().enumerate() {
            let (figures, called) = (confusion.class(class), &confusion.counts[class]);
            if figures.support == 0 {
                continue;
            }
            let wrong = set.judged.iter().filter(|photo| photo.truth == class).collect::<Vec<_>>();
            let wrong = share(wrong, |photo| photo.verdict == Verdict::Confident && !photo.is_right());
            let taken = called.iter().enumerate().filter(|(other, count)| *other != class && **count > 0);
            let taken = taken.max_by_key(|(_, count)| **count);
            let taken =
                taken.map_or(String::new(), |(other, n)| format!("  most taken for {} {n}", self.classes[other]));
            let (recall, photos) = (figures.recall, figures.support);
            writeln!(f, "  {id:22} {photos:5}  recall {recall:.3}  confident and wrong {wrong:.3}{taken}")?;
        }
        Ok(())
    }
}
