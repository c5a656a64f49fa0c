//! A photo and its class.

use mango_inference::ClassId;

use crate::commands::gallery::photos::PhotoFile;

/// A photo and its class.
pub(super) type Placed = (ClassId, PhotoFile);
