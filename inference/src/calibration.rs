//! From logits to calibrated probabilities and a verdict.

mod domain;
mod others;
mod symptom;

pub use domain::Domain;
pub use others::Others;
pub use symptom::{Symptom, SymptomCalibration};

use serde::{Deserialize, Serialize};

use crate::prediction::Verdict;

/// Scalars fitted on the validation split.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// Logits of a typical leaf are divided by this before the softmax (Guo et al. 2017, arXiv 1706.04599). Above 0.
    pub temperature: f32,
    /// The temperature is multiplied by the out-of-domain score to this power, 0 to 4. A single temperature makes a
    /// model overconfident on photos of another orchard.
    pub slope: f32,
    /// The first class's probability from which on a prediction is `confident`, 0 to 1.
    pub confident: f32,
}

impl Calibration {
    /// The temperature for a photo with that out-of-domain score; without a score, for a typical leaf.
    #[must_use]
    pub fn temperature_at(&self, out_of_domain: Option<f32>) -> f32 {
        out_of_domain.map_or(self.temperature, |score| self.temperature * score.powf(self.slope))
    }

    /// Softmax of `logits / temperature`.
    #[must_use]
    pub fn probabilities(&self, logits: &[f32], out_of_domain: Option<f32>) -> Vec<f32> {
        softmax(logits, self.temperature_at(out_of_domain))
    }

    /// The verdict for a ranking whose first class has that probability.
    #[must_use]
    pub fn verdict(&self, best: f32) -> Verdict {
        Verdict::at(best, self.confident)
    }
}

/// Softmax of `logits / temperature`.
pub(crate) fn softmax(logits: &[f32], temperature: f32) -> Vec<f32> {
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let weights: Vec<f64> = logits.iter().map(|logit| f64::from((logit - highest) / temperature).exp()).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| (weight / sum) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn probabilities_add_up_and_keep_the_order(
            logits in proptest::collection::vec(-80f32..80.0, 1..20),
            temperature in 0.05f32..20.0,
        ) {
            let probabilities = Calibration { temperature, slope: 0.0, confident: 0.5 }.probabilities(&logits, None);
            prop_assert!((probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            for (i, a) in logits.iter().enumerate() {
                for (j, b) in logits.iter().enumerate() {
                    prop_assert!(a <= b || probabilities[i] >= probabilities[j]);
                }
            }
        }
    }

    #[test]
    fn a_higher_temperature_lowers_confidence() {
        let at =
            |temperature| Calibration { temperature, slope: 0.0, confident: 0.9 }.probabilities(&[2.0, 0.0], None)[0];
        assert!((at(1.0) - 0.880_797).abs() < 1e-5);
        assert!(at(2.0) < at(1.0));
    }

    #[test]
    fn a_higher_out_of_domain_score_lowers_confidence() {
        let calibration = Calibration { temperature: 0.8, slope: 0.5, confident: 0.9 };
        assert_eq!(calibration.temperature_at(None), calibration.temperature_at(Some(1.0)));
        assert!((calibration.temperature_at(Some(4.0)) - 1.6).abs() < 1e-6);
        let at = |score| calibration.probabilities(&[2.0, 0.0], Some(score))[0];
        assert!(at(0.5) > at(1.0) && at(1.0) > at(3.0));
    }
}
