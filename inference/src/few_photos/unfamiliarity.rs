//! Evidence that a photo shows none of the trained classes.

/// Evidence that a photo shows none of the trained classes, without regard to the galleries.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Unfamiliarity {
    /// The probability that the photo shows no mango; `None` if the model has no rejection outputs.
    pub not_mango: Option<f32>,
    /// The out-of-domain score; `None` if the model has none.
    pub out_of_domain: Option<f32>,
}

/// The probability of the rejection outputs is clamped to this distance from 0 and 1: closer to them a softmax says
/// nothing more.
const CLAMP: f64 = 1e-5;

/// Log-odds of a typical leaf, for a model without rejection outputs.
const TYPICAL: f64 = -3.3;

/// Growth of those log-odds when the out-of-domain score grows by a factor of e.
const STEEPNESS: f64 = 2.7;

impl Unfamiliarity {
    /// The log-odds that the photo shows none of the trained classes: those of the rejection outputs, or, for a model
    /// without them, an estimate from the out-of-domain score.
    pub(super) fn log_odds(self) -> f64 {
        match self.not_mango {
            Some(probability) => {
                let probability = f64::from(probability).clamp(CLAMP, 1.0 - CLAMP);
                (probability / (1.0 - probability)).ln()
            }
            None => TYPICAL + STEEPNESS * f64::from(self.out_of_domain.unwrap_or(1.0)).ln(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rejected(probability: f32) -> f64 {
        Unfamiliarity { not_mango: Some(probability), out_of_domain: Some(30.0) }.log_odds()
    }

    fn far(score: f32) -> f64 {
        Unfamiliarity { not_mango: None, out_of_domain: Some(score) }.log_odds()
    }

    #[test]
    fn the_rejection_outputs_count_if_there_are_any() {
        assert!(rejected(0.5).abs() < 1e-6);
        assert!((rejected(0.9) - 9f64.ln()).abs() < 1e-5);
        assert!(rejected(0.0).is_finite() && (rejected(0.0) + rejected(1.0)).abs() < 1e-6);
    }

    #[test]
    fn without_them_the_out_of_domain_score_counts() {
        assert!(far(1.0) < 0.0 && far(8.0) > 0.0 && far(2.0) < far(3.0));
        assert_eq!(Unfamiliarity::default().log_odds(), far(1.0));
    }
}
