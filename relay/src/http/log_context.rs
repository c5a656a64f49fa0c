//! What the log will say about the present request, gathered where it becomes known.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use mango_inference::{Prediction, Verdict};

tokio::task_local! {
    static CONTEXT: SharedLogContext;
}

/// A context that the log and the request's handlers share.
#[derive(Clone, Debug, Default)]
pub(super) struct SharedLogContext(Arc<Mutex<LogContext>>);

/// What became known. Nothing of a photo but its class is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LogContext {
    /// Bytes of the body that arrived.
    pub(super) bytes: u64,
    /// Photos that were answered.
    pub(super) photos: usize,
    /// The first class, of several photos together.
    pub(super) class: Option<String>,
    /// How it is to be taken.
    pub(super) verdict: Option<Verdict>,
    /// Time in the queue.
    pub(super) queued: Option<Duration>,
    /// Time of the inference.
    pub(super) ran: Option<Duration>,
}

impl SharedLogContext {
    /// Lets everything that runs within `request` add to this context.
    pub(super) async fn gather<T>(&self, request: impl Future<Output = T>) -> T {
        CONTEXT.scope(self.clone(), request).await
    }

    /// What is known so far.
    pub(super) fn take(&self) -> LogContext {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// So many more bytes of the body arrived.
pub(super) fn bytes(number: usize) {
    add(|context| context.bytes += number as u64);
}

/// A job was done.
pub(super) fn times(queued: Duration, ran: Duration) {
    add(|context| (context.queued, context.ran) = (Some(queued), Some(ran)));
}

/// So many photos were answered, together so.
pub(super) fn answer(photos: usize, prediction: &Prediction) {
    add(|context| {
        context.photos += photos;
        context.class = prediction.best().map(|class| class.id.to_string());
        context.verdict = Some(prediction.verdict);
    });
}

/// Outside a request nobody will read it.
fn add(change: impl FnOnce(&mut LogContext)) {
    let _ = CONTEXT.try_with(|context| change(&mut context.0.lock().unwrap_or_else(PoisonError::into_inner)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_request_gathers_its_own() {
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
