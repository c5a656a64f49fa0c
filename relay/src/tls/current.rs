//! The certificate that is presented now.

use std::sync::{Arc, PoisonError, RwLock};

use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use time::OffsetDateTime;

use super::Identity;
use super::details::Details;

/// A certificate and key that are swapped whole: a handshake keeps those that it began with, and open connections do
/// not notice. Clones share it.
#[derive(Clone, Debug)]
pub struct CurrentIdentity(Arc<RwLock<Arc<CertifiedKey>>>);

impl CurrentIdentity {
    /// Begins with this one.
    #[must_use]
    pub fn new(identity: &Identity) -> Self {
        Self(Arc::new(RwLock::new(identity.certified())))
    }

    /// Puts another one in its place.
    pub fn replace(&self, identity: &Identity) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = identity.certified();
    }

    /// When the present one ends.
    #[must_use]
    pub fn not_after(&self) -> Option<OffsetDateTime> {
        Details::of(self.certified().cert.first()?).map(|details| details.not_after)
    }

    fn certified(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl ResolvesServerCert for CurrentIdentity {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.certified())
    }
}
