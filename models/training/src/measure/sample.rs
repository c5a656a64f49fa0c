//! Subsets of a photo set.

use std::collections::HashSet;

use crate::photos::dataset::Dataset;

/// The first photo of every leaf: more photos of the same leaf cost processor time and add little information.
pub(super) fn one_of_each_leaf(dataset: &Dataset) -> Dataset {
    let mut seen = HashSet::new();
    let samples = dataset.samples.iter().filter(|sample| seen.insert((&sample.class, &sample.group)));
    Dataset { root: dataset.root.clone(), samples: samples.cloned().collect() }
}

/// About `photos` photos of a set at most, equally many of each class and at least one, evenly spaced.
pub(super) fn evenly(dataset: &Dataset, photos: usize) -> Dataset {
    let classes = dataset.classes();
    let each = (photos / classes.len().max(1)).max(1);
    let mut samples = Vec::new();
    for class in &classes {
        let of: Vec<_> = dataset.samples.iter().filter(|sample| sample.class == *class).collect();
        let taken = each.min(of.len());
        samples.extend((0..taken).map(|i| of[i * of.len() / taken].clone()));
    }
    Dataset { root: dataset.root.clone(), samples }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photos::dataset::{Sample, Split};
    use mango_inference::ClassId;

    #[test]
    fn every_class_has_its_share_evenly_spaced() {
        let sample = |class: &str, i: usize| Sample {
            path: format!("{class}/{i}"),
            class: ClassId::try_from(class.to_owned()).unwrap(),
            group: String::new(),
            session: None,
            split: Split::Test,
        };
        let samples = (0..3).map(|i| sample("few", i)).chain((0..100).map(|i| sample("many", i))).collect();
        let part = evenly(&Dataset { root: "data".into(), samples }, 8);
        let paths: Vec<&str> = part.samples.iter().map(|sample| sample.path.as_str()).collect();
        assert_eq!(paths, ["few/0", "few/1", "few/2", "many/0", "many/25", "many/50", "many/75"]);
    }

    #[test]
    fn each_leaf_contributes_its_first_photo() {
        let sample = |group: &str, i: usize| Sample {
            path: format!("{group}/{i}"),
            class: ClassId::try_from("rust".to_owned()).unwrap(),
            group: group.to_owned(),
            session: None,
            split: Split::Test,
        };
        let samples = vec![sample("a", 0), sample("b", 0), sample("a", 1), sample("a", 2)];
        let part = one_of_each_leaf(&Dataset { root: "data".into(), samples });
        let paths: Vec<&str> = part.samples.iter().map(|sample| sample.path.as_str()).collect();
        assert_eq!(paths, ["a/0", "b/0"]);
    }
}
