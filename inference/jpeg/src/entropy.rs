//! Entropy-coded data: bits, and the Huffman codes in them.

pub(crate) mod bits;
pub(crate) mod huffman;
pub(crate) mod standard;
