//! The log context of the current request. Handlers add to it what they learn.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use mango_inference::{Prediction, Verdict};

tokio::task_local! {
    static CONTEXT: SharedLogContext;
}

/// A context shared by the log and the request's handlers.
#[derive(Clone, Debug, Default)]
pub(crate) struct SharedLogContext(Arc<Mutex<LogContext>>);

/// The fields of the log line. Nothing of a photo but its class is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LogContext {
    /// Bytes of the body that arrived.
    pub(crate) bytes: u64,
    /// Answered photos.
    pub(crate) photos: usize,
    /// The first class; for several photos that of the pooled prediction.
    pub(crate) class: Option<String>,
    /// The verdict on that class.
    pub(crate) verdict: Option<Verdict>,
    /// Time in the queue.
    pub(crate) queued: Option<Duration>,
    /// Time of the inference.
    pub(crate) ran: Option<Duration>,
}

impl SharedLogContext {
    /// Runs `request` with this as its log context.
    pub(crate) async fn gather<T>(&self, request: impl Future<Output = T>) -> T {
        CONTEXT.scope(self.clone(), request).await
    }

    /// Takes the collected fields.
    pub(crate) fn take(&self) -> LogContext {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Adds bytes of the body.
pub(crate) fn bytes(number: usize) {
    add(|context| context.bytes += number as u64);
}

/// Sets the times of a job.
pub(crate) fn times(queued: Duration, ran: Duration) {
    add(|context| (context.queued, context.ran) = (Some(queued), Some(ran)));
}

/// Adds answered photos and sets their pooled prediction.
pub(crate) fn answer(photos: usize, prediction: &Prediction) {
    add(|context| {
        context.photos += photos;
        context.class = prediction.best().map(|class| class.id.to_string());
        context.verdict = Some(prediction.verdict);
    });
}

/// Does nothing outside a request.
fn add(change: impl FnOnce(&mut LogContext)) {
    let _ = CONTEXT.try_with(|context| change(&mut context.0.lock().unwrap_or_else(PoisonError::into_inner)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn requests_have_separate_contexts() {
        let (one, other) = (SharedLogContext::default(), SharedLogContext::default());
        let read = |number| async move {
            bytes(number);
            tokio::task::yield_now().await;
            bytes(number);
        };
        tokio::join!(one.gather(read(3)), other.gather(read(5)));
        bytes(7);
        assert_eq!((one.take().bytes, other.take().bytes), (6, 10));
        assert_eq!(one.take(), LogContext::default());
    }
}
