//! Cancellation of jobs that nobody waits for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use prometheus::IntGauge;

use super::fault::PoolError;
use crate::monitoring::metrics::{Abandonment, Metrics};

/// The waiting side of a job. Dropped before the job is done, it abandons the job.
#[derive(Debug)]
pub(super) struct Watch {
    ticket: Ticket,
    metrics: Metrics,
    over: bool,
}

/// The job's side: whether anybody waits for it.
#[derive(Clone, Debug)]
pub(super) struct Ticket {
    left: Arc<AtomicBool>,
    deadline: Instant,
}

impl Watch {
    pub(super) fn new(metrics: Metrics, deadline: Instant) -> Self {
        Self { ticket: Ticket { left: Arc::default(), deadline }, metrics, over: false }
    }

    pub(super) fn ticket(&self) -> Ticket {
        self.ticket.clone()
    }

    /// Marks the job as done.
    pub(super) fn done(&mut self) {
        self.over = true;
    }

    /// Marks the job as late.
    pub(super) fn late(&mut self) -> PoolError {
        self.over = true;
        self.ticket.left.store(true, Ordering::Relaxed);
        self.metrics.abandon(Abandonment::Deadline);
        PoolError::Late
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if !self.over {
            self.ticket.left.store(true, Ordering::Relaxed);
            self.metrics.abandon(Abandonment::ClientLeft);
        }
    }
}

impl Ticket {
    pub(super) fn is_abandoned(&self) -> bool {
        self.left.load(Ordering::Relaxed) || self.deadline <= Instant::now()
    }
}

/// Adds to a gauge until it is dropped.
#[derive(Debug)]
pub(super) struct Counted {
    gauge: IntGauge,
    number: i64,
}

impl Counted {
    pub(super) fn new(gauge: &IntGauge, number: i64) -> Self {
        gauge.add(number);
        Self { gauge: gauge.clone(), number }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.gauge.sub(self.number);
    }
}
