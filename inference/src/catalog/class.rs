//! Class ids.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A class's id: 1 to 64 of `a-z`, `0-9` and `_`. It is used as a JSON key, a folder name and a metrics label.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "String", into = "String")]
pub struct ClassId(String);

impl ClassId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ClassId {
    type Error = ClassIdError;

    fn try_from(id: String) -> Result<Self, ClassIdError> {
        if is_id(&id) { Ok(Self(id)) } else { Err(ClassIdError(id)) }
    }
}

impl From<ClassId> for String {
    fn from(id: ClassId) -> Self {
        id.0
    }
}

impl fmt::Display for ClassId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not a class id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a class id: use 1 to 64 of a-z, 0-9 and _")]
pub struct ClassIdError(String);

/// Whether the text is a valid id of a class or a guild.
pub(crate) fn is_id(text: &str) -> bool {
    let fits = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_';
    (1..=64).contains(&text.len()) && text.bytes().all(fits)
}
