//! Temperature and the confident threshold, fitted on validation.

use mango_inference::Calibration;

/// Of the predictions called confident, at least this share is right on validation.
pub const CONFIDENT_PRECISION: f64 = 0.99;

/// No prediction less probable than this is called confident, however well validation goes.
pub const CONFIDENT_FLOOR: f32 = 0.6;

/// Fits both scalars to logits and the true class of each.
#[must_use]
pub fn fit(logits: &[Vec<f32>], labels: &[usize]) -> Calibration {
    let temperature = temperature(logits, labels);
    let calibration = Calibration { temperature, confident: 1.0 };
    Calibration { confident: confident(&calibration, logits, labels), ..calibration }
}

/// Mean negative log-likelihood of the true classes.
#[must_use]
pub fn negative_log_likelihood(calibration: &Calibration, logits: &[Vec<f32>], labels: &[usize]) -> f64 {
    let total: f64 = logits
        .iter()
        .zip(labels)
        .map(|(logits, label)| -f64::from(calibration.probabilities(logits)[*label].max(1e-30)).ln())
        .sum();
    total / labels.len().max(1) as f64
}

/// The temperature of least negative log-likelihood, by golden-section search on its logarithm in [1/20, 20].
fn temperature(logits: &[Vec<f32>], labels: &[usize]) -> f32 {
    let loss = |log_t: f64| {
        let calibration = Calibration { temperature: log_t.exp() as f32, confident: 1.0 };
        negative_log_likelihood(&calibration, logits, labels)
    };
    let golden = (5f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (-(20f64.ln()), 20f64.ln());
    while high - low > 1e-4 {
        let (a, b) = (high - golden * (high - low), low + golden * (high - low));
        if loss(a) < loss(b) { high = b } else { low = a }
    }
    f64::midpoint(low, high).exp() as f32
}

/// The least probability from which on at least [`CONFIDENT_PRECISION`] of the predictions are right.
fn confident(calibration: &Calibration, logits: &[Vec<f32>], labels: &[usize]) -> f32 {
    let mut ranked: Vec<(f32, bool)> = logits
        .iter()
        .zip(labels)
        .map(|(logits, label)| {
            let probabilities = calibration.probabilities(logits);
            let best = (0..probabilities.len()).max_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]));
            (best.map_or(0.0, |best| probabilities[best]), best == Some(*label))
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

    /// Two classes; of every ten photos at a logit gap of 2, eight are right.
    fn eighty_percent() -> (Vec<Vec<f32>>, Vec<usize>) {
        let logits = vec![vec![2.0, 0.0]; 100];
        let labels = (0..100).map(|i| usize::from(i % 10 >= 8)).collect();
        (logits, labels)
    }

    #[test]
    fn temperature_makes_the_probability_the_share_that_is_right() {
        let (logits, labels) = eighty_percent();
        let calibration = fit(&logits, &labels);
        assert!((calibration.probabilities(&logits[0])[0] - 0.8).abs() < 1e-3);
    }

    #[test]
    fn a_model_that_is_often_wrong_is_never_confident() {
        let (logits, labels) = eighty_percent();
        assert_eq!(fit(&logits, &labels).confident, 1.0);
    }

    #[test]
    fn the_threshold_parts_the_sure_and_right_from_the_rest() {
        let mut logits = vec![vec![6.0, 0.0]; 200];
        let mut labels = vec![0; 200];
        let (unsure, unsure_labels) = (vec![vec![0.5, 0.0]; 50], (0..50).map(|i| i % 2));
        logits.extend(unsure);
        labels.extend(unsure_labels);
        let calibration = fit(&logits, &labels);
        let sure = calibration.probabilities(&[6.0, 0.0])[0];
        let unsure = calibration.probabilities(&[0.5, 0.0])[0];
        assert!(unsure < calibration.confident && calibration.confident <= sure, "{calibration:?}");
    }
}
