//! The current predictor.

use std::sync::{Arc, PoisonError, RwLock};

use mango_inference::Predictor;

/// A predictor that can be replaced while requests run. A request keeps the predictor that it started with. Clones
/// share it.
#[derive(Clone, Debug)]
pub struct Current(Arc<RwLock<Arc<Predictor>>>);

impl Current {
    /// Starts with this predictor.
    #[must_use]
    pub fn new(predictor: Predictor) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(predictor))))
    }

    /// The current predictor.
    #[must_use]
    pub fn get(&self) -> Arc<Predictor> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the predictor.
    pub fn replace(&self, predictor: Predictor) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(predictor);
    }
}
