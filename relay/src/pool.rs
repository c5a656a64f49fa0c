//! The inference pool: so many jobs at once, so many photos in it, no more.
//!
//! What nobody waits for is not computed: a job whose client left or whose deadline is over leaves the queue, and one
//! that runs is told so before its next photo.

mod queued_job;
mod watch;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout_at;
use tracing::Span;

use crate::computing::{Threads, ThreadsError};
use crate::metrics::{Metrics, Refusal};
use queued_job::queued_job;
use watch::{Counted, Ticket, Watch};

/// Runs blocking jobs off the async threads. Clones share its slots.
#[derive(Clone, Debug)]
pub struct Pool {
    /// Photos that run and that wait together.
    slots: Arc<Semaphore>,
    /// The workers, which take the next job themselves: the async threads are busy under overload, and a worker that they
    /// had to slot would stand still.
    threads: Threads,
    /// How many slots there are.
    size: u32,
    metrics: Metrics,
}

/// A job that was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done<T> {
    /// What it made.
    pub output: T,
    /// How long it waited for a worker.
    pub queued: Duration,
    /// How long it ran.
    pub ran: Duration,
}

impl Pool {
    /// A pool that runs `workers` jobs at once, each on a thread of its own, and has `slots` for photos that run or wait;
    /// at least one of each.
    ///
    /// # Errors
    /// The system does not give as many threads.
    pub fn new(workers: usize, slots: usize, metrics: Metrics) -> Result<Self, ThreadsError> {
        let threads = Threads::start("computing", workers.clamp(1, Semaphore::MAX_PERMITS), metrics.clone())?;
        // Permits are acquired many at a time, and then counted in 32 bits.
        let size = u32::try_from(slots.clamp(1, Semaphore::MAX_PERMITS)).unwrap_or(u32::MAX);
        metrics.queue_places.set(size.into());
        Ok(Self { slots: Arc::new(Semaphore::new(size as usize)), threads, size, metrics })
    }

    /// Whether a job would be refused now.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.slots.available_permits() == 0
    }

    /// Runs a job on so many photos when a worker is free. It takes a slot for each, or all there are if it has more.
    ///
    /// Dropping the future gives up the slots in the queue; a job that runs holds its worker until it ends, or asks its
    /// [`RunningJob`] whether to go on.
    ///
    /// # Errors
    /// [`PoolError::Full`] at once when too few slots are free; [`PoolError::Late`] when the deadline comes before the
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
        // Taken back when this future is dropped or late.
        let (_queued, slot) = queued_job((job, slots, waiting));
        let (metrics, span) = (self.metrics.clone(), Span::current());
        let running = self.threads.run(move || {
            let (job, slots, waiting) = slot.take()?;
            drop(waiting);
            if ticket.is_abandoned() {
                return None;
            }
            let queued = came.elapsed();
            metrics.queue_seconds.observe(queued);
            let began = Instant::now();
            let _counted = Counted::new(&metrics.inference_running, 1);
            let mut running_job = RunningJob { slots, ticket, begun: false };
            // What the job logs is the request's.
            let output = span.in_scope(|| job(&mut running_job));
            let ran = began.elapsed();
            metrics.inference_seconds.observe(ran);
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

/// What a running job holds: a slot for each photo that it has not done.
#[derive(Debug)]
pub struct RunningJob {
    slots: OwnedSemaphorePermit,
    ticket: Ticket,
    begun: bool,
}

impl RunningJob {
    /// To be asked before each photo; gives back the slot of the one before.
    ///
    /// # Errors
    /// [`Abandoned`]: nobody waits for the output any more.
    pub fn next_photo(&mut self) -> Result<(), Abandoned> {
        if self.ticket.is_abandoned() {
            return Err(Abandoned);
        }
        // The last slot is held to the job's end: its output is still to be made.
        if self.begun && self.slots.num_permits() > 1 {
            drop(self.slots.split(1));
        }
        self.begun = true;
        Ok(())
    }
}

/// Nobody waits for a job's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nobody waits for this job any more")]
pub struct Abandoned;

/// A job that was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PoolError {
    /// Too few slots are free.
    #[error("every slot in the inference pool is taken")]
    Full,
    /// The deadline came first.
    #[error("the job was not done in time")]
    Late,
    /// The job panicked; the pool goes on.
    #[error("the job panicked")]
    Panicked,
}

#[cfg(test)]
mod tests;
