//! An embedding quantised to one byte per element.

use serde::{Deserialize, Serialize};

/// Maximum number of elements.
const MAX_LEN: usize = 8192;

/// An embedding as integers of -127..=127 and one scale. The error is about 1/250 of the largest element, far less than
/// the difference between two photos of one leaf.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredEmbedding {
    scale: f32,
    values: Vec<i8>,
}

impl StoredEmbedding {
    /// Quantises an embedding; `None` if it is empty, longer than 8192, all zero or not finite.
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

    /// The quantised embedding as `f32`.
    #[must_use]
    pub fn values(&self) -> Vec<f32> {
        self.values.iter().map(|value| f32::from(*value) * self.scale).collect()
    }

    /// Its Euclidean length.
    pub(crate) fn norm(&self) -> f64 {
        let squares: f64 = self.values.iter().map(|value| f64::from(*value).powi(2)).sum();
        squares.sqrt() * f64::from(self.scale)
    }

    /// The smaller of two in an arbitrary but fixed order.
    pub(crate) fn min_by_bits<'a>(&'a self, other: &'a Self) -> &'a Self {
        let bits = |stored: &'a Self| (stored.scale.to_bits(), &stored.values);
        if bits(other) < bits(self) { other } else { self }
    }

    /// Number of elements.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether it has no elements; always false for an embedding that was created or read.
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
        fn the_error_is_at_most_half_a_step(values in proptest::collection::vec(-3f32..3.0, 1..200)) {
            let largest = values.iter().fold(0f32, |largest, value| largest.max(value.abs()));
            prop_assume!(largest > 1e-3);
            let stored = StoredEmbedding::of(&values).unwrap();
            for (value, rounded) in values.iter().zip(stored.values()) {
                prop_assert!((value - rounded).abs() <= 0.5001 * largest / 127.0);
            }
        }
    }

    #[test]
    fn invalid_embeddings_are_not_stored() {
        for values in [&[][..], &[0.0, 0.0], &[f32::NAN], &[1.0, f32::INFINITY], &[1e-44]] {
            assert_eq!(StoredEmbedding::of(values), None, "{values:?}");
        }
        assert_eq!(StoredEmbedding::of(&vec![1.0; MAX_LEN + 1]), None);
    }
}
