//! Convolutions of EfficientNet-Lite on slices of `f32`.
//!
//! Feature maps are stored channels-last: `[height, width, channels]`. Weights are packed once for an
//! [`InstructionSet`] ([`Convolution::new`], [`Block::new`]) and then applied to any number of feature maps. `ReLU6`
//! follows every convolution but a block's last one, and padding is TensorFlow's 'same' ([`Same`]).
//!
//! Every public function is safe: it checks the sizes of its slices and panics where they do not fit. All `unsafe` code
//! is in the vectors of an instruction set (`simd`), in the two innermost loops (`multiply`, `depthwise`), and in the
//! benchmark of the peak (`peak`).

mod block;
mod convolution;
mod depthwise;
mod instruction_set;
mod multiply;
mod panels;
pub mod peak;
pub mod rows;
mod same;
mod scratch;
mod shape;
mod simd;
mod stem;

pub use block::Block;
pub use convolution::Convolution;
pub use instruction_set::InstructionSet;
pub use same::Same;
pub use scratch::Scratch;
pub use shape::{BlockShape, LARGEST_KERNEL};
pub use stem::Picture;
