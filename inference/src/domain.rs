//! How far a photo is from the leaves that a model was trained on.

use serde::{Deserialize, Serialize};

/// Scalars that make a distance of the network's `domain` tensors mean something, fitted on the validation split.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    /// The median distance of validation's photos. Above 0.
    pub typical: f32,
    /// How many times the typical distance a photo of a mango leaf may lie away. Above 0.
    pub limit: f32,
}

impl Domain {
    /// No score is less: a photo nearer than this is as certain as one can be.
    pub const NEAREST: f32 = 0.05;

    /// The out-of-domain score: the distance as a multiple of the typical one, at least 0.05.
    #[must_use]
    pub fn score(&self, distance: f32) -> f32 {
        (distance / self.typical).clamp(Self::NEAREST, f32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_typical_leaf_scores_one_and_rounding_never_goes_below_the_floor() {
        let domain = Domain { typical: 0.2, limit: 2.5 };
        assert_eq!(domain.score(0.2), 1.0);
        assert_eq!(domain.score(0.6), 0.6f32 / 0.2);
        assert_eq!(domain.score(-1e-7), Domain::NEAREST);
        assert!(Domain { typical: 1e-38, limit: 2.5 }.score(9.0).is_finite());
    }
}
