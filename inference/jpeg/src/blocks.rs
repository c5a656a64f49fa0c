//! Blocks of 8x8 coefficients: their order, how many samples they give at a scale, and the inverse transforms.

pub(crate) mod coefficients;
pub(crate) mod layout;
pub(crate) mod transform;
pub(crate) mod zigzag;
