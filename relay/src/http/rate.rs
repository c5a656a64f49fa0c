//! So many requests a minute of one client.

use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ipnet::IpNet;
use lru::LruCache;

use super::App;
use super::client::Client;
use crate::metrics::Refusal;
use crate::problem::{Problem, ProblemKind};

/// Clients that are remembered. Of more, those that were quiet longest are forgotten, and so have their whole share
/// again: a crowd loosens the limit and never shuts anybody out.
const REMEMBERED: NonZeroUsize = NonZeroUsize::MIN.saturating_add((1 << 16) - 1);

const MINUTE: Duration = Duration::from_secs(60);

/// A share for each client: a whole one at once, which grows back steadily within a minute (the generic cell rate
/// algorithm, as ATM networks use it).
#[derive(Debug)]
pub(super) struct Rate {
    /// Time in which one request grows back.
    step: Duration,
    /// Of each client, when its share will be whole.
    whole: Mutex<LruCache<IpNet, Instant>>,
}

impl Rate {
    /// A limit of so many requests a minute.
    pub(super) fn new(share: NonZeroU32) -> Self {
        Self::remembering(share, REMEMBERED)
    }

    fn remembering(share: NonZeroU32, clients: NonZeroUsize) -> Self {
        Self { step: MINUTE / share.get(), whole: Mutex::new(LruCache::sparse(clients)) }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// The client's share is used up; the time until one more request is welcome.
    fn take(&self, client: IpNet, now: Instant) -> Result<(), Duration> {
        let mut clients = self.whole.lock().unwrap_or_else(PoisonError::into_inner);
        let whole = clients.get(&client).copied().unwrap_or(now).max(now);
        let after = whole - now + self.step;
        if after > MINUTE {
            return Err(after - MINUTE);
        }
        clients.put(client, now + after);
        Ok(())
    }
}

/// Answers 429 to a client that asks too often. Who looks after the relay's health may always ask.
pub(super) async fn limit(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let taken = match (&app.rate, request.extensions().get::<Client>()) {
        (Some(rate), Some(client)) if !super::health::is_asked(&request) => rate.take(client.share(), Instant::now()),
        _ => Ok(()),
    };
    match taken {
        Ok(()) => next.run(request).await,
        Err(wait) => {
            app.metrics.refuse(Refusal::Rate);
            let seconds = wait.as_secs_f64().ceil() as u64;
            let detail = format!("this address sent too many requests; try again in {seconds} s");
            Problem::new(ProblemKind::RateLimited, detail).retry_after(seconds).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn client(number: u8) -> IpNet {
        IpNet::from(std::net::IpAddr::from([192, 0, 2, number]))
    }

    fn rate(share: u32, clients: usize) -> Rate {
        Rate::remembering(NonZeroU32::new(share).unwrap(), NonZeroUsize::new(clients).unwrap())
    }

    #[test]
    fn a_share_is_there_at_once_and_grows_back() {
        let (rate, start) = (rate(3, 8), Instant::now());
        for _ in 0..3 {
            assert_eq!(rate.take(client(1), start), Ok(()));
        }
        assert_eq!(rate.take(client(1), start), Err(Duration::from_secs(20)));
        assert_eq!(rate.take(client(2), start), Ok(()));
        assert_eq!(rate.take(client(1), start + Duration::from_secs(19)), Err(Duration::from_secs(1)));
        assert_eq!(rate.take(client(1), start + Duration::from_secs(20)), Ok(()));
        assert!(rate.take(client(1), start + Duration::from_secs(20)).is_err());
    }

    #[test]
    fn the_table_stays_small_and_forgets_whom_it_saw_longest_ago() {
        let (rate, start) = (rate(1, 2), Instant::now());
        for number in [1, 2, 1, 3] {
            let _ = rate.take(client(number), start);
        }
        assert_eq!(rate.whole.lock().unwrap().len(), 2);
        assert!(rate.take(client(1), start).is_err());
        assert!(rate.take(client(2), start).is_ok());
    }

    proptest! {
        /// A bucket that holds the share, and gets a request's worth every step.
        #[test]
        fn it_is_a_bucket_that_fills_steadily(share in 1u32..50, waits in prop::collection::vec(0u64..4000, 1..200)) {
            let (rate, mut now) = (rate(share, 1), Instant::now());
            let step = rate.step.as_nanos() as u64;
            let full = MINUTE.as_nanos() as u64;
            let mut bucket = full;
            for wait in waits {
                let passed = wait * 1_000_000;
                now += Duration::from_nanos(passed);
                bucket = (bucket + passed).min(full);
                let expected = bucket >= step;
                if expected {
                    bucket -= step;
                }
                prop_assert_eq!(rate.take(client(1), now).is_ok(), expected);
            }
        }
    }
}
