//! Rejection outputs, for photos that show something other than mango.

use serde::{Deserialize, Serialize};

/// The network's rejection outputs, after those of the classes: leaves of other plants, other scenes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Others {
    /// Number of rejection outputs, at least 1.
    pub outputs: usize,
    /// The sum of their probabilities above which a photo is `not_mango_leaf`, 0 to 1.
    pub limit: f32,
}

impl Others {
    /// The probability that the photo shows no mango, from the logits of the classes and of the rejection outputs.
    #[must_use]
    pub fn probability(classes: &[f32], others: &[f32]) -> f32 {
        let highest = classes.iter().chain(others).copied().fold(f32::NEG_INFINITY, f32::max);
        let sum = |logits: &[f32]| logits.iter().map(|logit| f64::from(logit - highest).exp()).sum::<f64>();
        let (classes, others) = (sum(classes), sum(others));
        (others / (classes + others)) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_probabilities_of_rejection_outputs_are_summed() {
        assert!((Others::probability(&[0.0, 0.0], &[0.0]) - 1.0 / 3.0).abs() < 1e-6);
        assert_eq!(Others::probability(&[1.0], &[]), 0.0);
        assert!(Others::probability(&[-100.0], &[100.0]) > 0.999);
    }
}
