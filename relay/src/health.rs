//! Whether the relay is ready for requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// A running relay's state. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Health(Arc<AtomicU8>);

/// The states, which follow each other and never go back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The model has not answered its self-test yet.
    Starting,
    /// Requests are welcome.
    Ready,
    /// Told to stop: what comes is answered, and should go elsewhere.
    Draining,
}

impl Health {
    /// The present state.
    #[must_use]
    pub fn state(&self) -> State {
        match self.0.load(Ordering::Acquire) {
            0 => State::Starting,
            1 => State::Ready,
            _ => State::Draining,
        }
    }

    /// The self-test was passed.
    pub fn pass(&self) {
        self.0.fetch_max(1, Ordering::AcqRel);
    }

    /// The relay was told to stop.
    pub fn drain(&self) {
        self.0.fetch_max(2, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relay_that_stops_never_becomes_ready_again() {
        let health = Health::default();
        assert_eq!(health.state(), State::Starting);
        health.pass();
        assert_eq!(health.clone().state(), State::Ready);
        health.drain();
        health.pass();
        assert_eq!(health.state(), State::Draining);
    }
}
