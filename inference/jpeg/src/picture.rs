//! From each component's samples to RGB pixels.

pub(crate) mod colour;
pub(crate) mod paint;
pub(crate) mod plane;
pub(crate) mod upsample;
