//! The out-of-domain score of a photo.

use serde::{Deserialize, Serialize};

/// Scalars that normalise the distance of the network's `domain` tensors, fitted on the validation split.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    /// The median distance of the validation photos. Above 0.
    pub typical: f32,
    /// The largest score of a mango leaf, in multiples of the typical distance. Above 0.
    pub limit: f32,
}

impl Domain {
    /// The lower bound of scores: smaller distances do not raise confidence further.
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
    fn a_typical_leaf_scores_one_and_no_score_is_below_the_lower_bound() {
        let domain = Domain { typical: 0.2, limit: 2.5 };
        assert_eq!(domain.score(0.2), 1.0);
        assert_eq!(domain.score(0.6), 0.6f32 / 0.2);
        assert_eq!(domain.score(-1e-7), Domain::NEAREST);
        assert!(Domain { typical: 1e-38, limit: 2.5 }.score(9.0).is_finite());
    }
}
