//! Photos to train on.

use std::path::Path;

use anyhow::Result;

use crate::dataset::Dataset;

/// Photos to train on and where they come from.
#[derive(Debug)]
pub(crate) struct Photos {
    /// The photos with their splits.
    pub(crate) dataset: Dataset,
    /// What the manifest says of them.
    pub(crate) source: String,
    /// Licence of weights trained on them.
    pub(crate) license: String,
}

impl Photos {
    /// MangoLeafBD in the folder of the photo sets.
    pub(crate) fn mango_leaf_bd(data: &Path) -> Result<Self> {
        Ok(Self {
            dataset: Dataset::mango_leaf_bd(data)?,
            source: "MangoLeafBD (doi 10.17632/hxsnvwty3r.1), grouped split, train".to_owned(),
            license: "CC-BY-NC-4.0".to_owned(),
        })
    }
}
