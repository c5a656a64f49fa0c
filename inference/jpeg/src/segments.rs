//! A file's segments: the markers between them, and the frame header.

pub(crate) mod frame;
pub(crate) mod marker;
