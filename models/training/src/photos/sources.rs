//! Photo sources: one loader for all photo sets, with their labels and licences.

mod feedback;
mod folder;
mod origin;
mod target;

pub use feedback::{Counts, Feedback};
pub use origin::{Origin, Source};
pub use target::{DISEASED, FRUIT, HEALTHY, OTHER_LEAF, OTHER_SCENE, Outputs, Target};

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Result, ensure};
use mango_inference::ClassId;

use crate::photos::balance::Balance;
use crate::photos::dataset::{Dataset, Sample, Split};

/// Photos of a class from which on feedback counts as much as a photo set.
const FULL_FEEDBACK: usize = 50;

/// Photos of several sources in one list, each with its source.
#[derive(Clone, Debug)]
pub struct Collection {
    /// The photos; paths are relative to the folder of the photo sets, or absolute.
    pub photos: Dataset,
    /// The source of each photo.
    pub sources: Vec<Source>,
}

impl Collection {
    /// Reads these sources from the folder of the photo sets.
    ///
    /// # Errors
    /// A set is missing or has no photo.
    pub fn read(data: &Path, sources: &[Source]) -> Result<Self> {
        let mut photos = Dataset { root: data.to_owned(), samples: Vec::new() };
        let mut from = Vec::new();
        for source in sources {
            let samples = source.samples(data)?;
            ensure!(!samples.is_empty(), "the source {} holds no photo", source.name());
            from.extend(std::iter::repeat_n(*source, samples.len()));
            photos.samples.extend(samples);
        }
        Ok(Self { photos, sources: from })
    }

    /// The photos that `keep` accepts.
    #[must_use]
    pub fn filter(&self, mut keep: impl FnMut(Source, &Sample) -> bool) -> Self {
        let kept = self.sources.iter().zip(&self.photos.samples).filter(|(source, sample)| keep(**source, sample));
        let (sources, samples) = kept.map(|(source, sample)| (*source, sample.clone())).unzip();
        Self { photos: Dataset { root: self.photos.root.clone(), samples }, sources }
    }

    /// The photos of one split.
    #[must_use]
    pub fn split(&self, split: Split) -> Self {
        self.filter(|_, sample| sample.split == split)
    }

    /// Number of photos.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    /// Whether there is no photo.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// A weight for each photo: by `balance` within a source, and with the same total weight for every class of every
    /// source. Their mean is 1.
    ///
    /// A class of [`Source::Feedback`] with few photos has proportionally less weight: one photo that a grower sent must
    /// not count as much as a whole set.
    #[must_use]
    pub fn weights(&self, balance: Balance) -> Vec<f32> {
        let mut weights = vec![0.0; self.len()];
        let mut classes = 0.0;
        for source in self.sources.iter().collect::<BTreeSet<_>>() {
            let places: Vec<usize> = (0..self.len()).filter(|place| self.sources[*place] == *source).collect();
            let samples: Vec<Sample> = places.iter().map(|place| self.photos.samples[*place].clone()).collect();
            let mut counts = BTreeMap::<&ClassId, usize>::new();
            for sample in &samples {
                *counts.entry(&sample.class).or_default() += 1;
            }
            let part = |count: usize| match source {
                Source::Feedback => (count as f32 / FULL_FEEDBACK as f32).min(1.0),
                _ => 1.0,
            };
            // `balance` gives every class of the source the same total weight; the sum is the number of photos.
            let share = counts.len() as f32 / samples.len() as f32;
            for ((place, weight), sample) in places.into_iter().zip(balance.weights(&samples)).zip(&samples) {
                weights[place] = weight * share * part(counts[&sample.class]);
            }
            classes += counts.values().map(|count| part(*count)).sum::<f32>();
        }
        let each = if classes > 0.0 { self.len() as f32 / classes } else { 0.0 };
        weights.into_iter().map(|weight| weight * each).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collection(members: &[(Source, &str)]) -> Collection {
        let sample = |class: &str| Sample {
            path: String::new(),
            class: class.to_owned().try_into().unwrap(),
            group: String::new(),
            session: None,
            split: Split::Train,
        };
        Collection {
            photos: Dataset {
                root: Default::default(),
                samples: members.iter().map(|(_, class)| sample(class)).collect(),
            },
            sources: members.iter().map(|(source, _)| *source).collect(),
        }
    }

    #[test]
    fn every_class_of_every_source_has_the_same_weight() {
        let members = [
            (Source::MangoLeafBd, "healthy"),
            (Source::MangoLeafBd, "healthy"),
            (Source::MangoLeafBd, "healthy"),
            (Source::Vietnam, "healthy"),
        ];
        let weights = collection(&members).weights(Balance::Class);
        assert!((weights[0] - 2.0 / 3.0).abs() < 1e-6 && (weights[3] - 2.0).abs() < 1e-6, "{weights:?}");
    }

    #[test]
    fn a_few_photos_of_feedback_do_not_count_as_much_as_a_set() {
        let mut members = vec![(Source::Own, "healthy"); 10];
        members.extend([(Source::Feedback, "healthy"); 5]);
        let weights = collection(&members).weights(Balance::Class);
        // A tenth of the class's full weight, of 5 photos for 50.
        let (set, feedback) = (weights[..10].iter().sum::<f32>(), weights[10..].iter().sum::<f32>());
        assert!((feedback - set / 10.0).abs() < 1e-4, "{weights:?}");
        assert!((weights.iter().sum::<f32>() - 15.0).abs() < 1e-3, "{weights:?}");
    }

    #[test]
    fn a_single_source_is_weighted_by_the_balance() {
        let members = [(Source::Own, "healthy"), (Source::Own, "healthy"), (Source::Own, "die_back")];
        let photos = collection(&members);
        for balance in [Balance::Class, Balance::Group, Balance::Session { least: 60 }] {
            let (found, expected) = (photos.weights(balance), balance.weights(&photos.photos.samples));
            assert!(found.iter().zip(&expected).all(|(found, expected)| (found - expected).abs() < 1e-6), "{found:?}");
        }
    }
}
