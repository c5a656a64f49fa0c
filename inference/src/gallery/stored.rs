//! An embedding in a byte a number.

use serde::{Deserialize, Serialize};

/// Numbers of an embedding at most.
const MAX_LEN: usize = 8192;

/// An embedding as whole numbers of -127..=127 and one scale: a relative error of about one part in 250 of its largest
/// number, far less than two photos of one leaf differ by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredEmbedding {
    scale: f32,
    values: Vec<i8>,
}

impl StoredEmbedding {
    /// Rounds an embedding; none if it is empty, longer than 8192, zero everywhere or not finite.
    #[must_use]
    pub fn of(embedding: &[f32]) -> Option<Self> {
        let largest = embedding.iter().fold(0f32, |largest, value| largest.max(value.abs()));
        let finite = embedding.iter().all(|value| value.is_finite());
        let stored = Self {
            scale: largest / 127.0,
            values: embedding.iter().map(|value| (value * 127.0 / largest).round() as i8).collect(),
        };
        (finite && stored.is_usable()).then_some(stored)
    }

    /// The embedding, rounded.
    #[must_use]
    pub fn values(&self) -> Vec<f32> {
        self.values.iter().map(|value| f32::from(*value) * self.scale).collect()
    }

    /// Its Euclidean length.
    pub(crate) fn norm(&self) -> f64 {
        let squares: f64 = self.values.iter().map(|value| f64::from(*value).powi(2)).sum();
        squares.sqrt() * f64::from(self.scale)
    }

    /// Of two, the one that comes first in an order that means nothing but is always the same.
    pub(crate) fn min_by_bits<'a>(&'a self, other: &'a Self) -> &'a Self {
        let bits = |stored: &'a Self| (stored.scale.to_bits(), &stored.values);
        if bits(other) < bits(self) { other } else { self }
    }

    /// Numbers in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether it has no numbers; none that was made or read is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub(super) fn is_usable(&self) -> bool {
        self.scale.is_normal()
            && self.scale > 0.0
            && self.scale < 1e6
            && (1..=MAX_LEN).contains(&self.values.len())
            && self.values.iter().any(|value| *value != 0)
            && !self.values.contains(&i8::MIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_number_moves_by_more_than_half_a_step(values in proptest::collection::vec(-3f32..3.0, 1..200)) {
            let largest = values.iter().fold(0f32, |largest, value| largest.max(value.abs()));
            prop_assume!(largest > 1e-3);
            let stored = StoredEmbedding::of(&values).unwrap();
            for (value, rounded) in values.iter().zip(stored.values()) {
                prop_assert!((value - rounded).abs() <= 0.5001 * largest / 127.0);
            }
        }
    }

    #[test]
    fn what_means_nothing_is_not_stored() {
        for values in [&[][..], &[0.0, 0.0], &[f32::NAN], &[1.0, f32::INFINITY], &[1e-44]] {
            assert_eq!(StoredEmbedding::of(values), None, "{values:?}");
        }
        assert_eq!(StoredEmbedding::of(&vec![1.0; MAX_LEN + 1]), None);
    }
}
