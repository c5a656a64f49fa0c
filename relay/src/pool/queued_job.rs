//! A job in the queue, which its sender can cancel.

use std::sync::{Arc, Mutex, PoisonError};

/// The sender's end. Dropping it while the job waits cancels the job and frees what the job holds.
#[derive(Debug)]
pub(super) struct QueuedJob<J>(Arc<Mutex<Option<J>>>);

/// The worker's end.
#[derive(Debug)]
pub(super) struct JobSlot<J>(Arc<Mutex<Option<J>>>);

/// Queues a job.
pub(super) fn queued_job<J>(job: J) -> (QueuedJob<J>, JobSlot<J>) {
    let job = Arc::new(Mutex::new(Some(job)));
    (QueuedJob(Arc::clone(&job)), JobSlot(job))
}

impl<J> JobSlot<J> {
    /// The job, unless it was cancelled.
    pub(super) fn take(self) -> Option<J> {
        take_out(&self.0)
    }
}

impl<J> Drop for QueuedJob<J> {
    fn drop(&mut self) {
        drop(take_out(&self.0));
    }
}

fn take_out<J>(job: &Mutex<Option<J>>) -> Option<J> {
    // Never poisoned: nothing panics while the lock is held.
    job.lock().unwrap_or_else(PoisonError::into_inner).take()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_taken_once() {
        let job = Arc::new(());
        let (queued, slot) = queued_job(Arc::clone(&job));
        let taken = slot.take();
        assert!(taken.is_some());
        drop(queued);
        assert_eq!(Arc::strong_count(&job), 2);
    }

    #[test]
    fn cancelling_a_job_drops_it() {
        let job = Arc::new(());
        let (queued, slot) = queued_job(Arc::clone(&job));
        drop(queued);
        assert_eq!(Arc::strong_count(&job), 1);
        assert!(slot.take().is_none());
    }
}
