//! Weights that were packed when the network was loaded.

#[cfg(feature = "flex")]
use super::{isa::Isa, panels::Panels, residual::Block};
#[cfg(feature = "flex")]
use std::sync::Arc;

/// A convolution's weights as the kernels read them. Empty until they are packed: then every call packs its own.
#[derive(Clone, Debug, Default)]
pub(crate) struct PackedConvolution {
    #[cfg(feature = "flex")]
    pub(super) panels: Option<(Isa, Arc<Panels>)>,
}

/// The same for an inverted residual block.
#[derive(Clone, Debug, Default)]
pub(crate) struct PackedBlock {
    #[cfg(feature = "flex")]
    pub(super) block: Option<(Isa, Arc<Block>)>,
}
