//! The shape of a block.

/// A block's kernel size and stride, and whether it has a residual connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockShape {
    /// Side of the depthwise kernel.
    pub kernel: usize,
    /// Its stride.
    pub stride: usize,
    /// Whether the input is added to the output.
    pub residual: bool,
}

/// Side of the largest depthwise kernel.
pub const LARGEST_KERNEL: usize = 9;
