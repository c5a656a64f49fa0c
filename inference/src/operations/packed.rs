//! Weights that are packed when the network is loaded.

#![cfg_attr(not(feature = "flex"), allow(dead_code, reason = "only Flex's operations read packed weights"))]

use std::sync::Arc;

use mango_kernels::{Block, BlockShape, Convolution, InstructionSet};

/// A convolution's weights in the layout that the kernels read. While this is empty, every call packs the weights
/// itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct PackedConvolution(Option<Arc<Convolution>>);

impl PackedConvolution {
    /// Packs `[outputs, inputs, k, k]` for this processor.
    pub(crate) fn new(weight: &[f32], bias: &[f32]) -> Self {
        Self(Some(Arc::new(Convolution::new(InstructionSet::detect(), weight, bias))))
    }

    /// The packed weights, or else those that `pack` packs.
    pub(super) fn or_pack(&self, pack: impl FnOnce(InstructionSet) -> Convolution) -> Arc<Convolution> {
        self.0.clone().unwrap_or_else(|| Arc::new(pack(InstructionSet::detect())))
    }
}

/// The packed weights of an inverted residual block.
#[derive(Clone, Debug, Default)]
pub(crate) struct PackedBlock(Option<Arc<Block>>);

impl PackedBlock {
    /// Packs the weights and biases of a block for this processor.
    pub(crate) fn new(
        expand: Option<[&[f32]; 2]>,
        depthwise: [&[f32]; 2],
        project: [&[f32]; 2],
        shape: BlockShape,
    ) -> Self {
        Self(Some(Arc::new(Block::new(InstructionSet::detect(), expand, depthwise, project, shape))))
    }

    /// The packed weights, or else those that `pack` packs.
    pub(super) fn or_pack(&self, pack: impl FnOnce(InstructionSet) -> Block) -> Arc<Block> {
        self.0.clone().unwrap_or_else(|| Arc::new(pack(InstructionSet::detect())))
    }
}
