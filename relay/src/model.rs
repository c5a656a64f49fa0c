//! The model: its files, the galleries of further classes, the predictor in use, and the model for phones.

mod args;
mod current;
pub mod device;
mod gallery_file;
mod load;
mod names;
pub(crate) mod self_test;

pub use args::ModelArgs;
pub use current::Current;
pub use gallery_file::GalleryError;
pub(crate) use gallery_file::{GalleryFile, load as load_gallery, load_all};
pub use load::{LoadError, Model, embedded, embedded_gallery};
pub(crate) use names::ClassNames;
