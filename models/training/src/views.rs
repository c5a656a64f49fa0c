//! Views of a photo: augmentation, other backgrounds, and the picture operations for them.

pub mod augment;
pub mod backdrop;
pub mod leaf_mask;
pub mod resize;
pub(crate) mod texture;
