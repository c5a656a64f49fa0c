//! Parses long request bodies off the async threads, as many at once as photos are processed.
//!
//! Parsing megabytes of JSON takes as long as a photo, and happens before the photos take slots in the pool.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Semaphore;
use tokio::time::timeout_at;
use tracing::Span;

use crate::monitoring::metrics::Metrics;
use crate::pool::{Threads, ThreadsError};

/// Runs a bounded number of blocking jobs off the async threads.
#[derive(Debug)]
pub(crate) struct ParsePool {
    slots: Arc<Semaphore>,
    threads: Threads,
}

/// Why a body was not parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    /// The deadline passed.
    #[error("the body was not read in time")]
    Late,
    /// The job panicked.
    #[error("the job that reads the body panicked")]
    Panicked,
}

impl ParsePool {
    /// # Errors
    /// The system cannot start that many threads.
    pub(crate) fn new(slots: usize, metrics: Metrics) -> Result<Self, ThreadsError> {
        let threads = Threads::start("reading", slots.clamp(1, Semaphore::MAX_PERMITS), metrics)?;
        Ok(Self { slots: Arc::new(Semaphore::new(threads.number())), threads })
    }

    /// Runs a job when a slot is free. The job does not run if the future is dropped before.
    ///
    /// # Errors
    /// The [`Fault`] that prevented the job's output.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        deadline: Instant,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let slot = timeout_at(deadline.into(), Arc::clone(&self.slots).acquire_owned()).await;
        // Only a closed semaphore fails, and this one is never closed.
        let Ok(Ok(slot)) = slot else { return Err(Fault::Late) };
        let span = Span::current();
        let reading = self.threads.run(move || {
            // Held until the job ends, even if the caller has left.
            let _slot = slot;
            span.in_scope(job)
        });
        match timeout_at(deadline.into(), reading).await {
            Ok(read) => read.map_err(|_| Fault::Panicked),
            Err(_) => Err(Fault::Late),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::time::Duration;

    #[tokio::test]
    async fn the_number_of_concurrent_jobs_is_bounded() {
        let pool = Arc::new(ParsePool::new(1, Metrics::new().unwrap()).unwrap());
        let (release, held) = mpsc::channel::<()>();
        let (begin, begun) = tokio::sync::oneshot::channel();
        let long = tokio::spawn({
            let pool = Arc::clone(&pool);
            let job = move || {
                let _ = begin.send(());
                let _ = held.recv();
            };
            async move { pool.run(Instant::now() + Duration::from_secs(60), job).await }
        });
        begun.await.unwrap();
        let soon = Instant::now() + Duration::from_millis(50);
        assert_eq!(pool.run(soon, || panic!("there is no room")).await, Err::<(), _>(Fault::Late));
        // The job of a caller that left still runs.
        long.abort();
        let soon = Instant::now() + Duration::from_millis(50);
        assert_eq!(pool.run(soon, || panic!("there is no room")).await, Err::<(), _>(Fault::Late));
        drop(release);
        let later = || Instant::now() + Duration::from_secs(60);
        assert_eq!(pool.run(later(), || 7).await, Ok(7));
        assert_eq!(pool.run(later(), || panic!("on purpose")).await, Err::<(), _>(Fault::Panicked));
        assert_eq!(pool.run(later(), || 8).await, Ok(8));
    }
}
