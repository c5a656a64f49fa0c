//! The part of the tree that a photo shows.

use serde::{Deserialize, Serialize};

/// A part of a mango tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A leaf, or a shoot with leaves.
    Leaf,
    /// A fruit.
    Fruit,
}

impl Part {
    /// The part's name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Leaf => "leaf",
            Self::Fruit => "fruit",
        }
    }
}
