//! Where a job waits for a worker, and whoever sent it can take it back.

use std::sync::{Arc, Mutex, PoisonError};

/// The sender's end. Dropped while the job waits, it takes the job back, and what the job held is free at once.
#[derive(Debug)]
pub(super) struct Seat<J>(Arc<Mutex<Option<J>>>);

/// The worker's end.
#[derive(Debug)]
pub(super) struct Call<J>(Arc<Mutex<Option<J>>>);

/// Lets a job wait.
pub(super) fn seat<J>(job: J) -> (Seat<J>, Call<J>) {
    let job = Arc::new(Mutex::new(Some(job)));
    (Seat(Arc::clone(&job)), Call(job))
}

impl<J> Call<J> {
    /// The job, unless its sender has taken it back.
    pub(super) fn answer(self) -> Option<J> {
        take(&self.0)
    }
}

impl<J> Drop for Seat<J> {
    fn drop(&mut self) {
        drop(take(&self.0));
    }
}

fn take<J>(job: &Mutex<Option<J>>) -> Option<J> {
    // A lock that nothing panics under is never poisoned.
    job.lock().unwrap_or_else(PoisonError::into_inner).take()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_taken_once() {
        let job = Arc::new(());
        let (seat, call) = seat(Arc::clone(&job));
        let taken = call.answer();
        assert!(taken.is_some());
        drop(seat);
        assert_eq!(Arc::strong_count(&job), 2);
    }

    #[test]
    fn what_a_job_holds_is_free_when_its_sender_leaves() {
        let job = Arc::new(());
        let (seat, call) = seat(Arc::clone(&job));
        drop(seat);
        assert_eq!(Arc::strong_count(&job), 1);
        assert!(call.answer().is_none());
    }
}
