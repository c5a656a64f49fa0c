//! Parts of requests and responses that several endpoints share.

pub(crate) mod accept;
pub(crate) mod document;
pub(crate) mod headers;
pub(crate) mod json;
pub(crate) mod origin;
pub(crate) mod query;
