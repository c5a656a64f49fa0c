//! Why a JPEG is not decoded.

/// Why a JPEG is not decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The file violates the format.
    #[error("{0}")]
    Damaged(&'static str),
    /// Damage destroyed more than a quarter of the picture.
    #[error("more than a quarter of the picture cannot be read")]
    Lost,
    /// Decoding would take more memory than allowed.
    #[error("decoding takes {0} bytes of memory")]
    Memory(u64),
    /// The file ends before the picture is complete.
    #[error("the data end before the picture does")]
    Truncated,
    /// A valid JPEG of a variant that is not supported.
    #[error("{0}")]
    Unsupported(&'static str),
}
