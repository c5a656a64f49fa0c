//! Why a JPEG is not decoded.

/// Why a JPEG is not decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Something that the format does not allow.
    #[error("{0}")]
    Damaged(&'static str),
    /// More than a quarter of the picture is lost to damage.
    #[error("more than a quarter of the picture cannot be read")]
    Lost,
    /// Decoding would take more memory than allowed.
    #[error("decoding takes {0} bytes of memory")]
    Memory(u64),
    /// The file ends before its picture does.
    #[error("the data end before the picture does")]
    Truncated,
    /// Valid, but of a kind that is not read.
    #[error("{0}")]
    Unsupported(&'static str),
}
