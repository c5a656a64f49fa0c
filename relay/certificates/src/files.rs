//! Files with certificates, keys and passwords.

mod content;
mod load;
mod password;
mod pem_file;
mod pfx;
mod read;
mod unreadable;

pub use content::{Content, Keystore};
pub use load::Source;
pub use pem_file::{BlockFault, certificates};
pub use read::read;
pub use unreadable::unreadable;
