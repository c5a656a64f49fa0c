//! The roots that a check trusts.

use std::path::Path;

use rustls::RootCertStore;

use crate::fault::TlsError;
use crate::review::roots;

/// The trusted roots.
#[derive(Debug)]
pub struct Roots {
    pub(super) store: RootCertStore,
    /// Whether the user gave the roots, in place of the public ones.
    pub(super) own: bool,
}

impl Roots {
    /// The roots in a file, or the public ones without a file.
    ///
    /// # Errors
    /// The file cannot be read, or contains no certificates in PEM.
    pub fn load(file: Option<&Path>) -> Result<Self, TlsError> {
        Ok(Self { store: roots(file)?, own: file.is_some() })
    }
}
