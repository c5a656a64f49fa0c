//! Photo sources: one loader for all photo sets, with their labels and licences.

mod folder;
mod origin;
mod target;

pub use origin::{Origin, Source};
pub use target::{DISEASED, FRUIT, HEALTHY, OTHER_LEAF, OTHER_SCENE, Outputs, Target};

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, ensure};

use crate::balance::Balance;
use crate::dataset::{Dataset, Sample, Split};

/// Photos of several sources in one list, each with its source.
#[derive(Clone, Debug)]
pub struct Collection {
    /// The photos; paths are relative to the folder of the photo sets.
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
    #[must_use]
    pub fn weights(&self, balance: Balance) -> Vec<f32> {
        let mut weights = vec![0.0; self.len()];
        let mut classes = 0;
        for source in self.sources.iter().collect::<BTreeSet<_>>() {
            let places: Vec<usize> = (0..self.len()).filter(|place| self.sources[*place] == *source).collect();
            let samples: Vec<Sample> = places.iter().map(|place| self.photos.samples[*place].clone()).collect();
            let of_source = samples.iter().map(|sample| &sample.class).collect::<BTreeSet<_>>().len();
            // `balance` gives every class of the source the same total weight; the sum is the number of photos.
            let share = of_source as f32 / samples.len() as f32;
            for (place, weight) in places.into_iter().zip(balance.weights(&samples)) {
                weights[place] = weight * share;
            }
            classes += of_source;
        }
        let each = self.len() as f32 / classes.max(1) as f32;
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
    fn a_single_source_is_weighted_by_the_balance() {
        let members = [(Source::Own, "healthy"), (Source::Own, "healthy"), (Source::Own, "die_back")];
        let photos = collection(&members);
        for balance in [Balance::Class, Balance::Group, Balance::Session { least: 60 }] {
            let (found, expected) = (photos.weights(balance), balance.weights(&photos.photos.samples));
            assert!(found.iter().zip(&expected).all(|(found, expected)| (found - expected).abs() < 1e-6), "{found:?}");
        }
    }
}
