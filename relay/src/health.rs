//! Whether the relay is ready for requests.

use std::sync::Arc;

use tokio::sync::watch;

/// A running relay's state. Clones share it.
#[derive(Clone, Debug)]
pub struct Health(Arc<watch::Sender<State>>);

/// The states, which follow each other and never go back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// The model has not answered its self-test yet.
    Starting,
    /// Requests are welcome.
    Ready,
    /// Told to stop: what comes is answered, and should go elsewhere.
    Draining,
    /// The time for that is over: what is open is cut.
    Cutting,
}

impl Default for Health {
    /// That of a relay that starts.
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(State::Starting)))
    }
}

impl Health {
    /// The present state.
    #[must_use]
    pub fn state(&self) -> State {
        *self.0.borrow()
    }

    /// The self-test was passed.
    pub fn pass(&self) {
        self.reach(State::Ready);
    }

    /// The relay was told to stop.
    pub fn drain(&self) {
        self.reach(State::Draining);
    }

    /// Open requests are not waited for any more.
    pub fn cut(&self) {
        self.reach(State::Cutting);
    }

    /// Ends when open requests are not waited for any more.
    pub async fn until_cut(&self) {
        // It cannot fail while this sender lives.
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
    async fn who_waits_for_the_cut_hears_of_it_before_and_after() {
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
