//! The photo sets.

use std::path::Path;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::folder;
use super::target::{DISEASED, OTHER_LEAF, OTHER_SCENE};
use crate::photos::dataset::{Dataset, Sample};

/// A photo set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Leaves from Bangladesh, 8 classes.
    MangoLeafBd,
    /// Leaves from Vietnam, 7 classes.
    Vietnam,
    /// Leaves from India on a dark background, healthy or with an unspecified symptom.
    Chouhan,
    /// Fruit from Senegal, 5 classes.
    Fruit,
    /// Other plants and scenes.
    NotMango,
    /// Leaves from Malaysia, 3 classes.
    OtherOrchard,
    /// Healthy leaves of two Indonesian varieties.
    Varieties,
    /// Guava leaves.
    Guava,
    /// Objects of ImageNet's classes.
    Objects,
    /// The user's own photos, in one folder per class.
    #[serde(skip)]
    Own,
    /// Photos that growers sent to a relay.
    #[serde(skip)]
    Feedback,
}

/// The origin and licence of a set.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    /// The set's name, place and identifier.
    pub credit: &'static str,
    /// Its licence, as far as known.
    pub licence: &'static str,
    /// Whether shipped weights may be trained on it.
    pub trained_on: bool,
}

/// The folders of `not_mango` and their labels.
const OTHER_PLANTS: [(&str, &str); 7] = [
    ("bean", OTHER_LEAF),
    ("blackgram", OTHER_LEAF),
    ("chilli", OTHER_LEAF),
    ("citrus", OTHER_LEAF),
    ("coffee", OTHER_LEAF),
    ("grocery", OTHER_SCENE),
    ("ground_cover", OTHER_SCENE),
];

impl Source {
    /// Every set.
    pub const ALL: [Self; 9] = [
        Self::MangoLeafBd,
        Self::Vietnam,
        Self::Chouhan,
        Self::Fruit,
        Self::NotMango,
        Self::OtherOrchard,
        Self::Varieties,
        Self::Guava,
        Self::Objects,
    ];

    /// The set's name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::MangoLeafBd => "MangoLeafBD",
            Self::Vietnam => "Vietnam",
            Self::Chouhan => "India",
            Self::Fruit => "fruit",
            Self::NotMango => "other plants",
            Self::OtherOrchard => "Malaysia",
            Self::Varieties => "Indonesia",
            Self::Guava => "guava",
            Self::Objects => "objects",
            Self::Own => "own photos",
            Self::Feedback => "feedback",
        }
    }

    /// The origin of the set.
    #[must_use]
    pub fn origin(self) -> Origin {
        let origin = |credit, licence, trained_on| Origin { credit, licence, trained_on };
        match self {
            Self::MangoLeafBd => origin(
                "MangoLeafBD, Ahmed et al., Mendeley Data, doi 10.17632/hxsnvwty3r.1",
                "CC BY-NC 3.0 in one place, CC BY 4.0 in another; taken as non-commercial",
                true,
            ),
            Self::Vietnam => origin(
                "mango leaves from Vietnam, data of the Mango-Mamba paper, doi 10.1016/j.compeleceng.2026.111033",
                "not stated; taken as non-commercial",
                true,
            ),
            Self::Chouhan => {
                origin("mango leaves from India, Chouhan et al., Mendeley Data hb74ynkjcn", "CC BY 4.0", true)
            }
            Self::Fruit => origin("MangoFruitDDS, Senegal", "believed CC BY-NC 3.0", true),
            Self::NotMango => origin(
                "citrus, black gram, bean, chilli and ground cover (DeepWeeds); coffee and grocery",
                "CC BY 4.0; MIT (coffee, grocery)",
                true,
            ),
            Self::OtherOrchard => {
                origin("Harumanis mango leaves, UiTM Perlis, Malaysia, 2021", "CC BY-SA 4.0; measured on only", false)
            }
            Self::Varieties => {
                origin("leaves of two Indonesian mango varieties", "not stated; measured on only", false)
            }
            Self::Guava => origin("guava leaves", "not stated; measured on only", false),
            Self::Objects => origin("photos of ImageNet's object classes", "ImageNet's terms; measured on only", false),
            Self::Own => origin("photos of the user's own", "the user's", true),
            Self::Feedback => origin("photos that growers sent to a relay", "the growers', for training models", true),
        }
    }

    /// The set's photos, with paths relative to the folder of the photo sets.
    pub(super) fn samples(self, data: &Path) -> Result<Vec<Sample>> {
        let table = |name| Ok(Dataset::table(data, name)?.samples);
        match self {
            Self::MangoLeafBd => table("mangoleafbd.tsv"),
            Self::Vietnam => table("vietnam.tsv"),
            Self::Fruit => table("fruit.tsv"),
            Self::OtherOrchard => table("other_orchard.tsv"),
            Self::Chouhan => {
                let mut samples = folder::with_splits(data, "chouhan/healthy", "healthy")?;
                samples.extend(folder::with_splits(data, "chouhan/diseased", DISEASED)?);
                Ok(samples)
            }
            Self::NotMango => {
                let mut samples = Vec::new();
                for (name, label) in OTHER_PLANTS {
                    samples.extend(folder::with_splits(data, &format!("not_mango/{name}"), label)?);
                }
                Ok(samples)
            }
            Self::Varieties => folder::for_judging(data, "varieties/healthy", "healthy"),
            Self::Guava => folder::for_judging(data, "out_of_domain/guava_leaves", OTHER_LEAF),
            Self::Objects => folder::for_judging(data, "out_of_domain/imagenet_objects", OTHER_SCENE),
            // These photos are not in the folder of the photo sets.
            Self::Own | Self::Feedback => Ok(Vec::new()),
        }
    }
}
