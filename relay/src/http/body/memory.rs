//! The memory budget of all uploads.
//!
//! Each byte of a body is charged before a parser can buffer it, and released when its request ends.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use http_body::{Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::monitoring::metrics::{Metrics, Refusal};

/// A budget of bytes shared by all requests.
#[derive(Clone, Debug)]
pub(crate) struct Memory {
    free: Arc<Semaphore>,
    metrics: Metrics,
}

impl Memory {
    pub(crate) fn new(bytes: usize, metrics: Metrics) -> Self {
        Self { free: Arc::new(Semaphore::new(bytes.min(Semaphore::MAX_PERMITS))), metrics }
    }

    /// Wraps `body` so that it is charged as it arrives. The bytes are released when body and account are dropped.
    pub(crate) fn charge(&self, body: Body) -> (Body, Account) {
        let account = Account {
            free: Arc::clone(&self.free),
            held: Arc::default(),
            exhausted: Arc::default(),
            metrics: self.metrics.clone(),
        };
        (Body::new(Charged { body, account: account.clone() }), account)
    }
}

/// The share of one request in the budget.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    free: Arc<Semaphore>,
    held: Arc<Mutex<Option<OwnedSemaphorePermit>>>,
    exhausted: Arc<AtomicBool>,
    metrics: Metrics,
}

impl Account {
    /// Whether the body was ended because the budget was used up.
    pub(crate) fn exhausted(&self) -> bool {
        self.exhausted.load(Ordering::Relaxed)
    }

    /// Charges further bytes to the request.
    ///
    /// # Errors
    /// The budget is used up.
    pub(crate) fn take(&self, bytes: usize) -> Result<(), Exhausted> {
        let taken = u32::try_from(bytes)
            .map_err(|_| Exhausted)
            .and_then(|bytes| Arc::clone(&self.free).try_acquire_many_owned(bytes).map_err(|_| Exhausted));
        let Ok(permit) = taken else {
            if !self.exhausted.swap(true, Ordering::Relaxed) {
                self.metrics.refuse(Refusal::Memory);
            }
            return Err(Exhausted);
        };
        match &mut *self.held.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(held) => held.merge(permit),
            none => *none = Some(permit),
        }
        Ok(())
    }
}

/// The budget is used up.
#[derive(Debug, thiserror::Error)]
#[error("the memory for uploads is used up")]
pub(crate) struct Exhausted;

struct Charged {
    body: Body,
    account: Account,
}

impl http_body::Body for Charged {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx).map(|next| {
            let frame = match next? {
                Ok(frame) => frame,
                Err(error) => return Some(Err(error)),
            };
            let bytes = frame.data_ref().map_or(0, Bytes::len);
            Some(self.account.take(bytes).map(|()| frame).map_err(axum::Error::new))
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;

    #[tokio::test]
    async fn bytes_are_charged_until_their_request_ends() {
        let metrics = Metrics::new().unwrap();
        let memory = Memory::new(10, metrics.clone());
        let (first, held) = memory.charge(Body::from("seven b"));
        assert_eq!(first.collect().await.unwrap().to_bytes().len(), 7);
        let (second, account) = memory.charge(Body::from("four"));
        assert!(second.collect().await.is_err());
        assert!(account.exhausted() && !held.exhausted());
        assert!(metrics.text().contains("mango_relay_refused_total{reason=\"memory\"} 1"));
        drop(held);
        let (third, _account) = memory.charge(Body::from("ten bytes!"));
        assert!(third.collect().await.is_ok());
    }
}
