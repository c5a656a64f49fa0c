//! Guild ids.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::catalog::class;

/// A guild's id, with the same format as a [`ClassId`](crate::ClassId): 1 to 64 of `a-z`, `0-9` and `_`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "String", into = "String")]
pub struct GuildId(String);

impl GuildId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for GuildId {
    type Error = GuildIdError;

    fn try_from(id: String) -> Result<Self, GuildIdError> {
        if class::is_id(&id) { Ok(Self(id)) } else { Err(GuildIdError(id)) }
    }
}

impl From<GuildId> for String {
    fn from(id: GuildId) -> Self {
        id.0
    }
}

impl fmt::Display for GuildId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not a guild id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a guild id: use 1 to 64 of a-z, 0-9 and _")]
pub struct GuildIdError(String);
