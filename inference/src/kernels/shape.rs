//! The shape of a block.

/// A block's kernel size and stride, and whether it has a residual connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BlockShape {
    /// Side of the depthwise kernel.
    pub(crate) kernel: usize,
    /// Its stride.
    pub(crate) stride: usize,
    /// Whether the input is added to the output.
    pub(crate) residual: bool,
}

/// Side of the largest depthwise kernel.
pub(crate) const LARGEST_KERNEL: usize = 9;
