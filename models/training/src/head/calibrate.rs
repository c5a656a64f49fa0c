//! Temperature, its slope and the confident threshold, fitted on validation.

use mango_inference::Calibration;

use crate::measure::metrics::{Judged, expected_calibration_error, highest};

/// Target precision of confident predictions, on augmented validation photos.
pub const CONFIDENT_PRECISION: f64 = 0.95;

/// Lower bound of the confident threshold.
pub const CONFIDENT_FLOOR: f32 = 0.6;

/// Weight of plain photos relative to augmented ones: plain photos are what cameras took.
const PLAIN_WEIGHT: f64 = 3.0;

/// A model's answer for a labelled photo.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// One logit per class, before temperature and softmax.
    pub logits: Vec<f32>,
    /// The photo's out-of-domain score; `None` for a model without that score.
    pub out_of_domain: Option<f32>,
    /// Index of the true class.
    pub label: usize,
}

/// Fits all three scalars to plain and augmented photos.
///
/// On plain photos alone the model is nearly always right. Augmented photos have higher out-of-domain scores and more
/// errors, from which the slope is fitted. Without scores the slope is 0 and the temperature is fitted to plain photos
/// alone.
#[must_use]
pub fn fit(plain: &[Answer], varied: &[Answer]) -> Calibration {
    let at = |temperature: f64, slope: f64| Calibration {
        temperature: temperature.exp() as f32,
        slope: slope as f32,
        confident: 1.0,
    };
    let distances = plain.iter().chain(varied).all(|answer| answer.out_of_domain.is_some());
    let varied_counts = distances && !varied.is_empty();
    let loss = |calibration: &Calibration| {
        let plain = negative_log_likelihood(calibration, plain);
        if varied_counts { PLAIN_WEIGHT * plain + negative_log_likelihood(calibration, varied) } else { plain }
    };
    let temperature = |slope: f64| least([-(20f64.ln()), 20f64.ln()], |log_t| loss(&at(log_t, slope)));
    let slope = if varied_counts { least([0.0, 4.0], |slope| loss(&at(temperature(slope), slope))) } else { 0.0 };
    let calibration = at(temperature(slope), slope);
    let judged = if varied_counts { [plain, varied].concat() } else { plain.to_vec() };
    Calibration { confident: confident(&calibration, &judged), ..calibration }
}

/// Mean negative log-likelihood of the true classes.
#[must_use]
pub fn negative_log_likelihood(calibration: &Calibration, answers: &[Answer]) -> f64 {
    let total: f64 = answers
        .iter()
        .map(|answer| {
            let probabilities = calibration.probabilities(&answer.logits, answer.out_of_domain);
            -f64::from(probabilities[answer.label].max(1e-30)).ln()
        })
        .sum();
    total / answers.len().max(1) as f64
}

/// Expected calibration error of the first class's probability.
#[must_use]
pub fn calibration_error(calibration: &Calibration, answers: &[Answer]) -> f64 {
    let judged: Vec<Judged> = answers
        .iter()
        .map(|answer| {
            let (predicted, probability) = best(calibration, answer);
            Judged {
                truth: answer.label,
                predicted,
                probability,
                verdict: calibration.verdict(probability),
                group: String::new(),
            }
        })
        .collect();
    expected_calibration_error(&judged)
}

/// The first class and its probability.
fn best(calibration: &Calibration, answer: &Answer) -> (usize, f32) {
    let probabilities = calibration.probabilities(&answer.logits, answer.out_of_domain);
    let best = highest(&probabilities);
    (best, probabilities.get(best).copied().unwrap_or(0.0))
}

/// The minimum of a unimodal function on an interval, by golden-section search.
pub(crate) fn least([mut low, mut high]: [f64; 2], function: impl Fn(f64) -> f64) -> f64 {
    let golden = (5f64.sqrt() - 1.0) / 2.0;
    while high - low > 1e-3 {
        let (a, b) = (high - golden * (high - low), low + golden * (high - low));
        if function(a) < function(b) { high = b } else { low = a }
    }
    f64::midpoint(low, high)
}

/// The smallest probability from which on at least [`CONFIDENT_PRECISION`] of the predictions are right.
fn confident(calibration: &Calibration, answers: &[Answer]) -> f32 {
    let mut ranked: Vec<(f32, bool)> = answers
        .iter()
        .map(|answer| {
            let (predicted, probability) = best(calibration, answer);
            (probability, predicted == answer.label)
        })
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut right, mut threshold) = (0usize, 1.0);
    for (taken, (probability, is_right)) in ranked.iter().enumerate() {
        right += usize::from(*is_right);
        let last_of_equals = ranked.get(taken + 1).is_none_or(|next| next.0 < *probability);
        if last_of_equals && right as f64 >= CONFIDENT_PRECISION * (taken + 1) as f64 {
            threshold = *probability;
        }
    }
    threshold.max(CONFIDENT_FLOOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten answers with a logit gap of 2, of which `right` are right.
    fn answers(right: usize, out_of_domain: Option<f32>) -> Vec<Answer> {
        (0..200)
            .map(|i| Answer { logits: vec![2.0, 0.0], out_of_domain, label: usize::from(i % 10 >= right) })
            .collect()
    }

    #[test]
    fn the_temperature_makes_probability_equal_accuracy() {
        let calibration = fit(&answers(8, None), &[]);
        assert!((calibration.probabilities(&[2.0, 0.0], None)[0] - 0.8).abs() < 1e-3);
        assert_eq!(calibration.slope, 0.0);
    }

    #[test]
    fn the_slope_lowers_confidence_with_distance() {
        let calibration = fit(&answers(9, Some(1.0)), &answers(6, Some(3.0)));
        assert!((calibration.probabilities(&[2.0, 0.0], Some(1.0))[0] - 0.9).abs() < 5e-3, "{calibration:?}");
        assert!((calibration.probabilities(&[2.0, 0.0], Some(3.0))[0] - 0.6).abs() < 5e-3, "{calibration:?}");
    }

    #[test]
    fn a_model_that_is_often_wrong_is_never_confident() {
        assert_eq!(fit(&answers(8, None), &[]).confident, 1.0);
    }

    #[test]
    fn the_threshold_has_the_target_precision() {
        let sure = Answer { logits: vec![6.0, 0.0], out_of_domain: None, label: 0 };
        let mut all = vec![sure; 200];
        all.extend((0..50).map(|i| Answer { logits: vec![0.5, 0.0], out_of_domain: None, label: i % 2 }));
        let calibration = fit(&all, &[]);
        let sure = calibration.probabilities(&[6.0, 0.0], None)[0];
        let unsure = calibration.probabilities(&[0.5, 0.0], None)[0];
        assert!(unsure < calibration.confident && calibration.confident <= sure, "{calibration:?}");
    }
}
