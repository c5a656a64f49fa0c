//! The current certificate.

use std::sync::{Arc, PoisonError, RwLock};

use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use time::OffsetDateTime;

use crate::certificate::Details;
use crate::identity::Identity;

/// A certificate and key that can be replaced while connections are open. A handshake keeps the ones it started with.
/// Clones share it.
#[derive(Clone, Debug)]
pub struct CurrentIdentity(Arc<RwLock<Arc<CertifiedKey>>>);

impl CurrentIdentity {
    /// Starts with this identity.
    #[must_use]
    pub fn new(identity: &Identity) -> Self {
        Self(Arc::new(RwLock::new(identity.certified())))
    }

    /// Replaces the identity.
    pub fn replace(&self, identity: &Identity) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = identity.certified();
    }

    /// When the current certificate expires.
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
