//! Whether a photo shows any symptom, which can be certain although the class is not.

use serde::{Deserialize, Serialize};

/// How the logits of a part's classes become the probability of any symptom, fitted on held-out sources.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SymptomCalibration {
    /// Logits are divided by this before the softmax. Above 0.
    pub temperature: f32,
    /// The probability, of a symptom or of none, from which on the answer is certain; 0.5 to 1.
    pub certain: f32,
}

/// Whether the part of the tree shows any symptom.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Symptom {
    /// Calibrated probability of any symptom, 0 to 1.
    pub probability: f32,
    /// Whether the answer, symptom or none, is reliable even if the class is unsure.
    pub certain: bool,
}

impl SymptomCalibration {
    /// The probability of any symptom, from the logits of one part's classes and whether each class means no symptom.
    ///
    /// `None` if no class means no symptom, or if all of them do.
    #[must_use]
    pub fn symptom(&self, logits: impl Iterator<Item = (f32, bool)>) -> Option<Symptom> {
        let logits: Vec<(f32, bool)> = logits.collect();
        let highest = logits.iter().map(|(logit, _)| *logit).fold(f32::NEG_INFINITY, f32::max);
        let sum = |healthy: bool| -> f64 {
            let of = logits.iter().filter(|(_, other)| *other == healthy);
            of.map(|(logit, _)| f64::from((logit - highest) / self.temperature).exp()).sum()
        };
        let both = logits.iter().any(|(_, healthy)| *healthy) && logits.iter().any(|(_, healthy)| !healthy);
        let (healthy, ill) = (sum(true), sum(false));
        let probability = (ill / (healthy + ill)) as f32;
        both.then(|| Symptom { probability, certain: probability.max(1.0 - probability) >= self.certain })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_probabilities_of_symptoms_are_summed() {
        let calibration = SymptomCalibration { temperature: 1.0, certain: 0.6 };
        let symptom = calibration.symptom([(0.0, true), (0.0, false), (0.0, false)].into_iter()).unwrap();
        assert!((symptom.probability - 2.0 / 3.0).abs() < 1e-6 && symptom.certain);
        let even = calibration.symptom([(1.0, true), (1.0, false)].into_iter()).unwrap();
        assert!((even.probability - 0.5).abs() < 1e-6 && !even.certain);
    }

    #[test]
    fn a_part_without_healthy_or_without_diseased_classes_has_no_answer() {
        let calibration = SymptomCalibration { temperature: 1.0, certain: 0.6 };
        assert_eq!(calibration.symptom([(1.0, false), (2.0, false)].into_iter()), None);
        assert_eq!(calibration.symptom(std::iter::empty()), None);
    }
}
