//! Files with certificates, keys and passwords.

mod content;
mod password;
mod pem_file;
mod pfx;
mod read;
mod source;
mod unreadable;

pub use content::{Content, Keystore};
pub use pem_file::{BlockFault, certificates};
pub use read::read;
pub use source::Source;
pub use unreadable::unreadable;
