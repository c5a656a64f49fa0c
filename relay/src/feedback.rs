//! Photos that growers send with the class that they know them to be, kept only if the operator chooses a folder
//! (`--feedback`).
//!
//! A [`Store`] keeps each photo with its facts in one file, which a grower deletes by a code and which expires.
//! [`crate::commands::feedback`] lists, exports and deletes the records of a folder.

mod code;
mod day;
mod expiry;
mod facts;
pub(crate) mod folder;
mod index;
mod picture;
mod record;
mod share;
mod store;

pub use day::Day;
pub use facts::{Facts, FactsError, Field, MAX_TEXT, UNKNOWN};
pub use record::RecordId;
pub use store::{KeepError, Kept, Store, StoreError};

pub(crate) use code::DeletionCode;
pub(crate) use expiry::watch;
pub(crate) use picture::kept_picture;
pub(crate) use store::check;
