//! Whether the relay is ready for requests.

use std::sync::Arc;

use tokio::sync::watch;

/// The state of a running relay. Clones share it.
#[derive(Clone, Debug)]
pub struct Health(Arc<watch::Sender<State>>);

/// The states. They only move forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// The model has not passed its self-test yet.
    Starting,
    /// The relay is ready for requests.
    Ready,
    /// Shutting down: requests are still answered, and clients should use another relay.
    Draining,
    /// The shutdown timeout is over: open requests are cut.
    Cutting,
}

impl Default for Health {
    /// The state at start.
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(State::Starting)))
    }
}

impl Health {
    /// The current state.
    #[must_use]
    pub fn state(&self) -> State {
        *self.0.borrow()
    }

    /// Records that the self-test was passed.
    pub fn pass(&self) {
        self.reach(State::Ready);
    }

    /// Starts draining.
    pub fn drain(&self) {
        self.reach(State::Draining);
    }

    /// Cuts open requests.
    pub fn cut(&self) {
        self.reach(State::Cutting);
    }

    /// Completes when open requests are cut.
    pub async fn until_cut(&self) {
        // This cannot fail while the sender exists.
        let _ = self.0.subscribe().wait_for(|state| *state == State::Cutting).await;
    }

    fn reach(&self, state: State) {
        self.0.send_if_modified(|present| {
            let later = state > *present;
            if later {
                *present = state;
            }
            later
        });
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

    #[tokio::test]
    async fn waiting_for_the_cut_works_before_and_after_it() {
        let health = Health::default();
        let waiting = tokio::spawn({
            let health = health.clone();
            async move { health.until_cut().await }
        });
        health.drain();
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        health.cut();
        waiting.await.unwrap();
        health.until_cut().await;
    }
}
