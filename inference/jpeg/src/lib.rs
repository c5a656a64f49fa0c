//! A JPEG decoder for photos that are the input of a small network.
//!
//! - Decodes at full size, or at a half, a quarter or an eighth of it, straight from the low frequencies of each block.
//! - Gives the same pixels on every target: all arithmetic is on integers, or on `f32` in one order without fused
//!   multiply-add.
//! - Works in bounded memory: two rows of blocks for a sequential picture, the coefficients that the scale needs for a
//!   progressive one.
//! - Reads the irregular files that cameras and tools write: no end marker, no Huffman tables, unknown markers, several
//!   scans, damaged restart intervals. It counts the units that it could not read.
//!
//! Formats: ITU T.81 sequential (baseline and extended, 8 bits) and progressive DCT with Huffman codes.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use mango_jpeg::{Header, Scale};
//! let bytes = std::fs::read("leaf.jpg")?;
//! let picture = Header::read(&bytes)?.decode(Scale::Quarter, 64 << 20)?;
//! println!("{} x {}", picture.width, picture.height);
//! # Ok(())
//! # }
//! ```

// Folders import one way: `segments`, `entropy`, `blocks`, `picture`, `scans`; each only those before it.
mod blocks;
mod decode;
mod entropy;
mod error;
mod header;
mod picture;
mod scale;
mod scans;
mod segments;

pub use decode::Picture;
pub use error::Error;
pub use header::Header;
pub use scale::Scale;
