//! Sample weights, so that a class is not dominated by one leaf or one session.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::photos::dataset::Sample;

/// How photos are weighted. Every class has the same total weight in each mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum Balance {
    /// Equal weight for every photo of a class.
    Class,
    /// Equal weight for every leaf (group) of a class, however often it was photographed.
    Group,
    /// Equal weight for every session (class, camera and day) of a class.
    Session {
        /// A session with fewer photos than this has proportionally less weight.
        least: usize,
    },
}

impl Balance {
    /// A weight for each sample; their mean is 1.
    #[must_use]
    pub fn weights(self, samples: &[Sample]) -> Vec<f32> {
        let mut members: HashMap<&str, usize> = HashMap::new();
        for sample in samples {
            *members.entry(self.part(sample)).or_default() += 1;
        }
        let least = if let Self::Session { least } = self { least.max(1) } else { 1 };
        let within = |sample: &Sample| 1.0 / members[self.part(sample)].max(least) as f64;
        let mut classes: HashMap<&str, f64> = HashMap::new();
        for sample in samples {
            *classes.entry(sample.class.as_str()).or_default() += within(sample);
        }
        let each = samples.len() as f64 / classes.len().max(1) as f64;
        samples.iter().map(|sample| (within(sample) * each / classes[sample.class.as_str()]) as f32).collect()
    }

    fn part(self, sample: &Sample) -> &str {
        match self {
            Self::Class => sample.class.as_str(),
            Self::Group => &sample.group,
            Self::Session { .. } => sample.session.as_deref().unwrap_or(sample.class.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photos::dataset::Split;

    fn sample(class: &str, group: &str, session: &str) -> Sample {
        Sample {
            path: String::new(),
            class: class.to_owned().try_into().unwrap(),
            group: group.to_owned(),
            session: Some(session.to_owned()),
            split: Split::Train,
        }
    }

    /// Class a: session s of three photos of leaf g, session t of one photo of leaf h. Class b: one photo.
    fn samples() -> Vec<Sample> {
        let mut samples = vec![sample("a", "g", "s"); 3];
        samples.push(sample("a", "h", "t"));
        samples.push(sample("b", "i", "u"));
        samples
    }

    #[test]
    fn classes_have_equal_weight_and_so_have_parts_within_a_class() {
        for balance in [Balance::Group, Balance::Session { least: 1 }] {
            let weights = balance.weights(&samples());
            let expected = [2.5 / 6.0, 2.5 / 6.0, 2.5 / 6.0, 1.25, 2.5];
            assert!(weights.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{balance:?} {weights:?}");
        }
        assert_eq!(Balance::Class.weights(&samples())[..4], [0.625; 4]);
    }

    #[test]
    fn a_small_session_does_not_outweigh_a_large_one() {
        let weights = Balance::Session { least: 3 }.weights(&samples());
        assert!((weights[0] - weights[3]).abs() < 1e-6);
    }
}
