//! PKCS#12 files (.pfx, .p12).

mod archive;
mod asn1;
mod ber;
mod cipher;
mod effort;
mod hash;
mod passwords;
mod scheme;

use std::borrow::Cow;

use rustls::pki_types::PrivateKeyDer;

use super::content::{Content, pkcs12_from_text};
use crate::fault::TlsFault;
use crate::identity::Identity;
use archive::Archive;

impl Identity {
    /// The key in a PKCS#12 file with its chain. The key's certificate is found by comparing the keys, not by the
    /// labels in the file, which not every program writes.
    ///
    /// # Errors
    /// [`TlsFault`] describes the error in the file or its password.
    pub fn from_pfx(bytes: &[u8], password: &str) -> Result<Self, TlsFault> {
        let file = pkcs12_from_text(bytes).map_or(Cow::Borrowed(bytes), Cow::Owned);
        match Content::of(&file) {
            Content::Pkcs12 => {}
            other => return Err(TlsFault::NotPkcs12(other)),
        }
        let Archive { keys, certificates } = Archive::open(&file, password)?;
        if keys.is_empty() {
            return Err(TlsFault::PfxWithoutKey);
        }
        if certificates.is_empty() {
            return Err(TlsFault::PfxWithoutCertificate);
        }
        Self::new(certificates, keys.into_iter().map(PrivateKeyDer::Pkcs8).collect())
    }
}

#[cfg(test)]
mod tests;
