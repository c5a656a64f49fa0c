//! The predictor that answers now.

use std::sync::{Arc, PoisonError, RwLock};

use mango_inference::Predictor;

/// A predictor that is swapped whole: a request keeps the one that it began with. Clones share it.
#[derive(Clone, Debug)]
pub struct Current(Arc<RwLock<Arc<Predictor>>>);

impl Current {
    /// Begins with this predictor.
    #[must_use]
    pub fn new(predictor: Predictor) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(predictor))))
    }

    /// The predictor of this moment.
    #[must_use]
    pub fn get(&self) -> Arc<Predictor> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another one in its place.
    pub fn replace(&self, predictor: Predictor) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(predictor);
    }
}
