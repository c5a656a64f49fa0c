//! Classes taught from a few photos, in files.

mod file;

pub use file::GalleryError;
pub(crate) use file::{load, load_all};
