//! From logits to probabilities that mean something, and to a verdict.

use serde::{Deserialize, Serialize};

use crate::prediction::Verdict;

/// Scalars fitted on the validation split.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// Logits are divided by it before the softmax (Guo et al. 2017, arXiv 1706.04599). Above 0.
    pub temperature: f32,
    /// The first class's probability from which a prediction is `confident`, 0 to 1.
    pub confident: f32,
}

impl Calibration {
    /// Softmax of `logits / temperature`.
    #[must_use]
    pub fn probabilities(&self, logits: &[f32]) -> Vec<f32> {
        let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let weights: Vec<f64> =
            logits.iter().map(|logit| f64::from((logit - highest) / self.temperature).exp()).collect();
        let sum: f64 = weights.iter().sum();
        weights.iter().map(|weight| (weight / sum) as f32).collect()
    }

    /// The verdict on a ranking whose first class has that probability.
    #[must_use]
    pub fn verdict(&self, best: f32) -> Verdict {
        if best >= self.confident { Verdict::Confident } else { Verdict::Unsure }
    }
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
            let probabilities = Calibration { temperature, confident: 0.5 }.probabilities(&logits);
            prop_assert!((probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            for (i, a) in logits.iter().enumerate() {
                for (j, b) in logits.iter().enumerate() {
                    prop_assert!(a <= b || probabilities[i] >= probabilities[j]);
                }
            }
        }
    }

    #[test]
    fn a_higher_temperature_is_less_sure() {
        let at = |temperature| Calibration { temperature, confident: 0.9 }.probabilities(&[2.0, 0.0])[0];
        assert!((at(1.0) - 0.880_797).abs() < 1e-5);
        assert!(at(2.0) < at(1.0));
    }
}
