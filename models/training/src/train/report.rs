//! What a grower of an unseen source would have been answered.

use std::fmt::Write as _;

use mango_inference::{Calibration, ClassId, Part};

use super::confidence::{Answer, Confidence, best_probability, calibration_error};
use crate::measure::metrics::highest;
use crate::sources::Source;

/// Figures of one held-out source, as text.
pub(super) fn of_source(
    source: Source,
    classes: &[(ClassId, Part)],
    confidence: &Confidence,
    answers: &[Answer],
) -> String {
    let mut text = String::new();
    let calibration = &confidence.calibration;
    let named: Vec<Answer> =
        answers.iter().filter(|answer| answer.known && answer.class().is_some()).cloned().collect();
    let share = |count: usize, of: usize| count as f64 / of.max(1) as f64;
    let mut recalls = Vec::new();
    let mut lines = String::new();
    for (index, (id, _)) in classes.iter().enumerate() {
        let of: Vec<&Answer> = named.iter().filter(|answer| answer.class() == Some(index)).collect();
        if of.is_empty() {
            continue;
        }
        let right = of.iter().filter(|answer| answer.is_right()).count();
        recalls.push(share(right, of.len()));
        let confident = |answer: &&&Answer| is_confident(calibration, confidence, answer);
        let wrong = of.iter().filter(confident).filter(|answer| !answer.is_right()).count();
        let mut taken_for = vec![0usize; classes.len()];
        for answer in of.iter().filter(|answer| !answer.is_right()) {
            taken_for[highest(&answer.logits)] += 1;
        }
        let most = taken_for.iter().enumerate().max_by_key(|(_, count)| **count).filter(|(_, count)| **count > 0);
        let taken = most.map_or(String::new(), |(class, count)| format!("{} {count}", classes[class].0));
        let (recall, wrong) = (share(right, of.len()), share(wrong, of.len()));
        let _ = writeln!(
            lines,
            "  {id:22} {:5}  recall {recall:.3}  confident and wrong {wrong:.3}  most taken for {taken}",
            of.len()
        );
    }
    let confident: Vec<&Answer> = named.iter().filter(|answer| is_confident(calibration, confidence, answer)).collect();
    let right = confident.iter().filter(|answer| answer.is_right()).count();
    let refused = named.iter().filter(|answer| confidence.refuses(answer)).count();
    let unknown: Vec<&Answer> = answers.iter().filter(|answer| !answer.known && answer.is_mango()).collect();
    let misled = unknown.iter().filter(|answer| is_confident(calibration, confidence, answer)).count();
    let _ = writeln!(
        text,
        "\n== {} was not trained on: {} photos of {} classes",
        source.name(),
        named.len(),
        recalls.len()
    );
    let _ = writeln!(text, "confident and wrong, of all photos   {:.3}", share(confident.len() - right, named.len()));
    let _ = writeln!(text, "right, of those called confident     {:.3}", share(right, confident.len()));
    let _ = writeln!(text, "called confident                     {:.3}", share(confident.len(), named.len()));
    let _ = writeln!(
        text,
        "mean recall                          {:.3}",
        recalls.iter().sum::<f64>() / recalls.len().max(1) as f64
    );
    let _ = writeln!(text, "calibration error                    {:.3}", calibration_error(calibration, &named));
    let _ = writeln!(text, "called not_mango_leaf                {:.3}", share(refused, named.len()));
    let _ = writeln!(
        text,
        "photos of classes that the fold does not know: {}, confident {:.3}",
        unknown.len(),
        share(misled, unknown.len())
    );
    let _ = writeln!(
        text,
        "threshold {:.3}, temperature {:.3}, slope {:.3}",
        calibration.confident, calibration.temperature, calibration.slope
    );
    text + &lines
}

fn is_confident(calibration: &Calibration, confidence: &Confidence, answer: &Answer) -> bool {
    !confidence.refuses(answer) && best_probability(calibration, answer) >= calibration.confident
}
