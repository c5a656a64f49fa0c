//! Where photos come from: every photo set behind one loader, with what its labels say and what its licence allows.

mod folder;
mod origin;
mod target;

pub use origin::{Origin, Source};
pub use target::{DISEASED, HEALTHY, OTHER_LEAF, OTHER_SCENE, Outputs, Target};

use std::path::Path;

use anyhow::{Result, ensure};

use crate::dataset::{Dataset, Sample, Split};

/// Photos of several sources in one list, each with its source.
#[derive(Clone, Debug)]
pub struct Collection {
    /// The photos; paths start from the folder of the photo sets.
    pub photos: Dataset,
    /// The source of each photo.
    pub sources: Vec<Source>,
}

impl Collection {
    /// Reads these sources from the folder of the photo sets.
    ///
    /// # Errors
    /// A set is missing or holds no photo.
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

    /// A weight for each photo, such that every class of every source weighs the same; their mean is 1. A class of a
    /// source with fewer than `least` photos weighs as its share of so many.
    #[must_use]
    pub fn weights(&self, least: usize) -> Vec<f32> {
        let key = |index: usize| (self.sources[index], self.photos.samples[index].class.as_str());
        let mut members = std::collections::HashMap::<_, usize>::new();
        for index in 0..self.len() {
            *members.entry(key(index)).or_default() += 1;
        }
        let raw: Vec<f64> = (0..self.len()).map(|index| 1.0 / members[&key(index)].max(least) as f64).collect();
        let mean = raw.iter().sum::<f64>() / raw.len().max(1) as f64;
        raw.iter().map(|weight| (weight / mean) as f32).collect()
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
    fn every_class_of_every_source_weighs_the_same() {
        let members = [
            (Source::MangoLeafBd, "healthy"),
            (Source::MangoLeafBd, "healthy"),
            (Source::MangoLeafBd, "healthy"),
            (Source::Vietnam, "healthy"),
        ];
        let weights = collection(&members).weights(1);
        assert!((weights[0] - 2.0 / 3.0).abs() < 1e-6 && (weights[3] - 2.0).abs() < 1e-6, "{weights:?}");
        assert!(collection(&members).weights(3).iter().all(|weight| (weight - 1.0).abs() < 1e-6));
    }
}
