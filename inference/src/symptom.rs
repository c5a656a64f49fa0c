//! Whether a photo shows any symptom, which can be certain where the class is not.

use serde::{Deserialize, Serialize};

/// How the logits of a part's classes become the probability of some symptom, fitted on sources that were left out of
/// training.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SymptomCalibration {
    /// Logits are divided by it before the softmax. Above 0.
    pub temperature: f32,
    /// The probability, of a symptom or of none, from which it is certain; 0.5 to 1.
    pub certain: f32,
}

/// Whether the part of the tree shows some symptom.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Symptom {
    /// Calibrated probability of any symptom, 0 to 1.
    pub probability: f32,
    /// Whether the answer, symptom or none, can be relied on though the class may be unsure.
    pub certain: bool,
}

impl SymptomCalibration {
    /// The probability of some symptom, from the logits of one part's classes, each with whether it means no symptom.
    ///
    /// Nothing if none of the classes means no symptom, or all of them do.
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
    fn symptoms_add_up_against_healthy() {
        let calibration = SymptomCalibration { temperature: 1.0, certain: 0.6 };
        let symptom = calibration.symptom([(0.0, true), (0.0, false), (0.0, false)].into_iter()).unwrap();
        assert!((symptom.probability - 2.0 / 3.0).abs() < 1e-6 && symptom.certain);
        let even = calibration.symptom([(1.0, true), (1.0, false)].into_iter()).unwrap();
        assert!((even.probability - 0.5).abs() < 1e-6 && !even.certain);
    }

    #[test]
    fn a_part_without_both_kinds_of_classes_has_no_answer() {
        let calibration = SymptomCalibration { temperature: 1.0, certain: 0.6 };
        assert_eq!(calibration.symptom([(1.0, false), (2.0, false)].into_iter()), None);
        assert_eq!(calibration.symptom(std::iter::empty()), None);
    }
}
