//! The bounded inference pool: a limit on running jobs, and on photos that run or wait.
//!
//! A job whose client left or whose deadline passed is not computed: it leaves the queue, or stops before its next
//! photo.

mod fault;
mod queued_job;
mod threads;
mod watch;

pub use fault::{Abandoned, PoolError};
pub(crate) use threads::Threads;
pub use threads::ThreadsError;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout_at;
use tracing::Span;

use crate::monitoring::metrics::{Metrics, Refusal};
use queued_job::queued_job;
use watch::{Counted, Ticket, Watch};

/// Runs blocking jobs off the async threads. Clones share the pool.
#[derive(Clone, Debug)]
pub struct Pool {
    /// Slots of photos that run or wait.
    slots: Arc<Semaphore>,
    /// The workers. They take the next job themselves: async threads are busy under overload, and a worker that
    /// depended on them would idle.
    threads: Threads,
    /// The number of slots.
    size: u32,
    metrics: Metrics,
}

/// A finished job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done<T> {
    /// The output.
    pub output: T,
    /// How long it waited for a worker.
    pub queued: Duration,
    /// How long it ran.
    pub ran: Duration,
}

impl Pool {
    /// A pool that runs `workers` jobs at once, each on its own thread, with `slots` for photos that run or wait; at
    /// least one of each.
    ///
    /// # Errors
    /// The system cannot start that many threads.
    pub fn new(workers: usize, slots: usize, metrics: Metrics) -> Result<Self, ThreadsError> {
        let threads = Threads::start("computing", workers.clamp(1, Semaphore::MAX_PERMITS), metrics.clone())?;
        // Permits acquired together are counted in 32 bits.
        let size = u32::try_from(slots.clamp(1, Semaphore::MAX_PERMITS)).unwrap_or(u32::MAX);
        metrics.queue_places.set(size.into());
        Ok(Self { slots: Arc::new(Semaphore::new(size as usize)), threads, size, metrics })
    }

    /// Whether a job would be refused now.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.slots.available_permits() == 0
    }

    /// Runs a job on that many photos when a worker is free. The job takes a slot for each photo, or all slots if it
    /// has more photos.
    ///
    /// Dropping the future frees the slots in the queue. A running job keeps its worker until it ends, or until
    /// [`RunningJob::next_photo`] tells it to stop.
    ///
    /// # Errors
    /// [`PoolError::Full`] at once if too few slots are free; [`PoolError::Late`] if the deadline passes before the
    /// output; [`PoolError::Panicked`] if the job panics.
    pub async fn run<T: Send + 'static>(
        &self,
        photos: usize,
        deadline: Instant,
        job: impl FnOnce(&mut RunningJob) -> T + Send + 'static,
    ) -> Result<Done<T>, PoolError> {
        let came = Instant::now();
        let wanted = u32::try_from(photos).unwrap_or(u32::MAX).min(self.size).max(1);
        let Ok(slots) = Arc::clone(&self.slots).try_acquire_many_owned(wanted) else {
            self.metrics.refuse(Refusal::Full);
            return Err(PoolError::Full);
        };
        let mut watch = Watch::new(self.metrics.clone(), deadline);
        let ticket = watch.ticket();
        let waiting = Counted::new(&self.metrics.queue_waiting, wanted.into());
        // Dropped with this future, which removes the job from the queue.
        let (_queued, slot) = queued_job((job, slots, waiting));
        let (metrics, span) = (self.metrics.clone(), Span::current());
        let running = self.threads.run(move || {
            let (job, slots, waiting) = slot.take()?;
            drop(waiting);
            if ticket.is_abandoned() {
                return None;
            }
            let queued = came.elapsed();
            metrics.queue_seconds.observe(queued.as_secs_f64());
            let began = Instant::now();
            let _counted = Counted::new(&metrics.inference_running, 1);
            let mut running_job = RunningJob { slots, ticket, begun: false };
            // The job logs in the request's span.
            let output = span.in_scope(|| job(&mut running_job));
            let ran = began.elapsed();
            metrics.inference_seconds.observe(ran.as_secs_f64());
            drop(running_job);
            Some(Done { output, queued, ran })
        });
        match timeout_at(deadline.into(), running).await {
            Ok(Ok(Some(done))) => {
                watch.done();
                Ok(done)
            }
            Ok(Err(_)) => {
                watch.done();
                Err(PoolError::Panicked)
            }
            Ok(Ok(None)) | Err(_) => Err(watch.late()),
        }
    }
}

/// A running job, with a slot for each photo that is not done.
#[derive(Debug)]
pub struct RunningJob {
    slots: OwnedSemaphorePermit,
    ticket: Ticket,
    begun: bool,
}

impl RunningJob {
    /// Call this before each photo. It frees the slot of the photo before.
    ///
    /// # Errors
    /// [`Abandoned`] if nobody waits for the output any more.
    pub fn next_photo(&mut self) -> Result<(), Abandoned> {
        if self.ticket.is_abandoned() {
            return Err(Abandoned);
        }
        // The last slot is held until the job ends.
        if self.begun && self.slots.num_permits() > 1 {
            drop(self.slots.split(1));
        }
        self.begun = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
