//! The shutdown signals.

use std::io;
use std::time::Duration;

use tokio::time::Instant;

/// Signals within this time of another are ignored as repeats: ctrl-c goes to every program of a terminal, and one of
/// them, or a service manager, may pass it on.
const REPEAT: Duration = Duration::from_secs(1);

/// The shutdown signals SIGTERM and ctrl-c. They are caught while this exists.
#[derive(Debug)]
pub(super) struct ShutdownSignal {
    signals: Signals,
    last: Option<Instant>,
}

impl ShutdownSignal {
    /// Starts to catch the signals.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self { signals: Signals::new()?, last: None })
    }

    /// Completes at the next signal that is not a repeat.
    pub(super) async fn next(&mut self) {
        loop {
            self.signals.next().await;
            let now = Instant::now();
            if !is_repeat(self.last, now) {
                self.last = Some(now);
                return;
            }
        }
    }
}

/// Whether a signal is a repeat of the last one.
fn is_repeat(last: Option<Instant>, now: Instant) -> bool {
    last.is_some_and(|last| now.saturating_duration_since(last) < REPEAT)
}

#[cfg(unix)]
#[derive(Debug)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Ctrl-c only.
#[cfg(not(unix))]
#[derive(Debug)]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_within_a_second_are_repeats() {
        let first = Instant::now();
        assert!(!is_repeat(None, first));
        assert!(is_repeat(Some(first), first + Duration::from_millis(999)));
        assert!(!is_repeat(Some(first), first + Duration::from_millis(1000)));
    }
}
