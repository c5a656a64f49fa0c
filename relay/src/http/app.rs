//! The state of the endpoints, and the steps that requests for photos have in common.

use std::sync::Arc;
use std::time::Instant;

use mango_inference::Prediction;

use super::body::{Account, Fault, Memory, ParsePool};
use super::layers::log_context;
use crate::feedback::Store;
use crate::model::Current;
use crate::monitoring::health::Health;
use crate::monitoring::metrics::{Abandonment, Metrics, Refusal};
use crate::pool::{Done, Pool, PoolError, RunningJob, ThreadsError};
use crate::problem::{Problem, ProblemKind};
use crate::settings::{AllowedOrigin, Limits, Settings, Times};

/// State that the endpoints share.
#[derive(Debug)]
pub(super) struct App {
    pub(super) predictor: Current,
    pool: Pool,
    parse_pool: ParsePool,
    pub(super) memory: Memory,
    pub(super) limits: Limits,
    times: Times,
    pub(super) health: Health,
    metrics: Metrics,
    /// None if feedback is off.
    pub(super) feedback: Option<Arc<Store>>,
    /// Origins of pages that may send feedback.
    pub(super) allowed_origins: Vec<AllowedOrigin>,
}

impl App {
    /// An app that predicts with `predictor`.
    ///
    /// # Errors
    /// The system cannot start a thread for each worker.
    pub(super) fn new(
        predictor: Current,
        settings: &Settings,
        health: Health,
        metrics: Metrics,
        feedback: Option<Arc<Store>>,
    ) -> Result<Self, ThreadsError> {
        let Settings { limits, times, clients, .. } = settings;
        Ok(Self {
            predictor,
            pool: Pool::new(limits.workers, limits.queue, metrics.clone())?,
            parse_pool: ParsePool::new(limits.workers, metrics.clone())?,
            memory: Memory::new(limits.upload_memory, metrics.clone()),
            limits: *limits,
            times: *times,
            health,
            metrics,
            feedback,
            allowed_origins: clients.allowed_origins.clone(),
        })
    }

    /// The deadline of a request whose body has just arrived.
    pub(super) fn deadline(&self) -> Instant {
        Instant::now() + self.times.inference
    }

    /// Parses a body off the async threads, at most `workers` bodies at once.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        deadline: Instant,
        job: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        match self.parse_pool.run(deadline, job).await {
            Ok(read) => read,
            Err(Fault::Late) => {
                self.metrics.abandon(Abandonment::Deadline);
                Err(self.late())
            }
            Err(Fault::Panicked) => {
                Err(Problem::new(ProblemKind::Internal, "the request could not be read; the relay's log says why"))
            }
        }
    }

    fn late(&self) -> Problem {
        let detail = format!("no answer could be found within {:?}; try again", self.times.inference);
        Problem::new(ProblemKind::Overloaded, detail)
    }

    /// Runs a job on that many photos in the pool. The memory charged to `account` is released when the job ends, even
    /// if the client has left.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        account: Account,
        photos: usize,
        deadline: Instant,
        job: impl FnOnce(&mut RunningJob) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let charged = move |running_job: &mut RunningJob| {
            let _held = account;
            job(running_job)
        };
        let Done { output, queued, ran } = match self.pool.run(photos, deadline, charged).await {
            Ok(done) => done,
            Err(PoolError::Full) => return Err(Problem::overloaded()),
            Err(PoolError::Late) => return Err(self.late()),
            Err(PoolError::Panicked) => {
                return Err(Problem::new(ProblemKind::PredictionFailed, "the model could not answer this photo"));
            }
        };
        log_context::times(queued, ran);
        output
    }

    /// Refuses a request for photos before its body is read if the pool has no free slot.
    pub(super) fn admit(&self) -> Result<(), Problem> {
        if self.pool.is_full() {
            self.metrics.refuse(Refusal::Full);
            return Err(Problem::overloaded());
        }
        Ok(())
    }

    /// Counts answered photos, and records the prediction for the log.
    pub(super) fn tell(&self, photos: &[Prediction], answer: &Prediction) {
        photos.iter().for_each(|photo| self.metrics.photo(photo));
        log_context::answer(photos.len(), answer);
    }
}
