//! Forward and backward passes of the network's trained stages on slices.
//!
//! burn's own backward pass of these convolutions takes several times as long on two cores. Here a 1x1 convolution is a
//! matrix product over the pixels of all feature maps of a batch, channels-last. A test compares both passes with
//! burn's.

mod block;
mod depthwise;
mod map;
mod matrix;
mod pointwise;
mod relu6;
mod stages;
#[cfg(test)]
mod tests;

pub use map::Map;
pub use stages::{Gradients, Pass, Stages};
