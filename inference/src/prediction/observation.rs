//! The network's output for photos, before classification.

/// Maximum number of photos of one prediction.
pub const MAX_PHOTOS: usize = 6;

/// The network's output for one photo, or the pooled output for several photos of one plant.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// One logit per class, in the manifest's order, before temperature and softmax.
    pub logits: Vec<f32>,
    /// Logits of the rejection outputs; empty for a model without any.
    pub others: Vec<f32>,
    /// The embedding that the logits were computed from.
    pub embedding: Vec<f32>,
    /// The embedding's distance from the subspace of mango leaves, if the network has one.
    pub distance: Option<f32>,
}

impl Observation {
    /// Pools the observations of one to [`MAX_PHOTOS`] photos of the same plant: the means of their logits, embeddings
    /// and distances, bit-identical for any order of the photos.
    ///
    /// The logits are linear in the embedding, so the mean logits are those of the mean embedding. Its parts have a
    /// norm below 1 if the photos differ.
    ///
    /// # Errors
    /// [`PoolError`] if there are too few or too many observations, or they are of different models.
    pub fn pool(observations: &[Self]) -> Result<Self, PoolError> {
        PoolError::check_count(observations.len())?;
        let pool = |part: fn(&Self) -> &[f32]| means(&observations.iter().map(part).collect::<Vec<_>>());
        Ok(Self {
            logits: pool(|one| &one.logits)?,
            others: pool(|one| &one.others)?,
            embedding: pool(|one| &one.embedding)?,
            distance: pool(|one| one.distance.as_slice())?.first().copied(),
        })
    }
}

/// The mean of each column.
fn means(rows: &[&[f32]]) -> Result<Vec<f32>, PoolError> {
    let columns = rows.first().map_or(0, |row| row.len());
    if rows.iter().any(|row| row.len() != columns) {
        return Err(PoolError::Models);
    }
    Ok((0..columns).map(|column| mean(rows.iter().map(|row| row[column]).collect())).collect())
}

/// The mean, summed in sorted order, since a floating-point sum depends on the order of its terms.
fn mean(mut values: Vec<f32>) -> f32 {
    values.sort_by(f32::total_cmp);
    (values.iter().copied().map(f64::from).sum::<f64>() / values.len() as f64) as f32
}

/// Observations that cannot be pooled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PoolError {
    /// No photo, or more than [`MAX_PHOTOS`].
    #[error("one prediction is made from 1 to {MAX_PHOTOS} photos of the same plant, not from {0}")]
    Count(usize),
    /// Their logits or embeddings differ in length, or not all have a distance.
    #[error("the observations are of different models; run one model on all photos")]
    Models,
}

impl PoolError {
    /// Checks the number of photos of one prediction, before any of them is decoded.
    ///
    /// # Errors
    /// [`PoolError::Count`] if there are no photos, or more than [`MAX_PHOTOS`].
    pub fn check_count(photos: usize) -> Result<(), Self> {
        if (1..=MAX_PHOTOS).contains(&photos) { Ok(()) } else { Err(Self::Count(photos)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Values whose f64 sum depends on their order: huge ones that cancel out, and small ones that are absorbed.
    fn number() -> impl Strategy<Value = f32> {
        prop_oneof![-20f32..20.0, Just(1e30), Just(-1e30), Just(1e-20), Just(-0.0)]
    }

    fn observation() -> impl Strategy<Value = Observation> {
        let numbers = |length| proptest::collection::vec(number(), length);
        (numbers(5), numbers(2), numbers(9), number()).prop_map(|(logits, others, embedding, distance)| Observation {
            logits,
            others,
            embedding,
            distance: Some(distance),
        })
    }

    fn shuffled() -> impl Strategy<Value = (Vec<Observation>, Vec<Observation>)> {
        proptest::collection::vec(observation(), 1..=MAX_PHOTOS)
            .prop_flat_map(|observations| (Just(observations.clone()), Just(observations).prop_shuffle()))
    }

    fn bits(observation: &Observation) -> Vec<u32> {
        observation
            .logits
            .iter()
            .chain(&observation.others)
            .chain(&observation.embedding)
            .chain(&observation.distance)
            .map(|value| value.to_bits())
            .collect()
    }

    proptest! {
        #[test]
        fn the_order_of_the_photos_does_not_matter((one, other) in shuffled()) {
            let [one, other] = [one, other].map(|observations| bits(&Observation::pool(&observations).unwrap()));
            prop_assert_eq!(one, other);
        }

        #[test]
        fn the_same_photo_again_changes_nothing(observation in observation(), times in 1..=MAX_PHOTOS) {
            let pooled = Observation::pool(&vec![observation.clone(); times]).unwrap();
            prop_assert_eq!(pooled, observation);
        }
    }

    #[test]
    fn the_mean_is_computed_per_class_and_per_dimension() {
        let [a, b, c] = [1.0, 2.0, 6.0].map(|x| Observation {
            logits: vec![x, -x],
            others: vec![3.0 * x],
            embedding: vec![x / 2.0],
            distance: Some(x * 2.0),
        });
        let expected =
            Observation { logits: vec![3.0, -3.0], others: vec![9.0], embedding: vec![1.5], distance: Some(6.0) };
        assert_eq!(Observation::pool(&[a, b, c]).unwrap(), expected);
    }

    #[test]
    fn zero_photos_seven_photos_and_mixed_models_are_refused() {
        let one = Observation { logits: vec![1.0], others: vec![], embedding: vec![1.0], distance: None };
        let other = Observation { logits: vec![1.0, 2.0], others: vec![], embedding: vec![1.0], distance: None };
        assert_eq!(Observation::pool(&[]), Err(PoolError::Count(0)));
        assert_eq!(Observation::pool(&vec![one.clone(); 7]), Err(PoolError::Count(7)));
        assert_eq!(Observation::pool(&[one, other]), Err(PoolError::Models));
    }
}
