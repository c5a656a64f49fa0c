//! Weights that are packed when the network is loaded.

#[cfg(feature = "flex")]
use super::{isa::Isa, panels::Panels, residual::Block};
#[cfg(feature = "flex")]
use std::sync::Arc;

/// A convolution's weights in the layout that the kernels read. While this is empty, every call packs the weights
/// itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct PackedConvolution {
    #[cfg(feature = "flex")]
    pub(super) panels: Option<(Isa, Arc<Panels>)>,
}

/// The packed weights of an inverted residual block.
#[derive(Clone, Debug, Default)]
pub(crate) struct PackedBlock {
    #[cfg(feature = "flex")]
    pub(super) block: Option<(Isa, Arc<Block>)>,
}
