//! The rate limit of a client.

use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ipnet::IpNet;
use lru::LruCache;

use super::client::Client;
use super::health_check::is_asked;
use crate::monitoring::metrics::{Metrics, Refusal};
use crate::problem::{Problem, ProblemKind};

/// Most clients in the table. The least recently seen are dropped and have their full share again: many clients loosen
/// the limit and never lock anybody out.
const REMEMBERED: NonZeroUsize = NonZeroUsize::MIN.saturating_add((1 << 16) - 1);

const MINUTE: Duration = Duration::from_secs(60);

/// A request share for each client. The full share is available at once and is refilled steadily within a minute
/// (generic cell rate algorithm).
#[derive(Debug)]
struct Rate {
    /// Time to refill one request.
    step: Duration,
    /// For each client, when its share will be full.
    whole: Mutex<LruCache<IpNet, Instant>>,
}

impl Rate {
    /// A limit of `share` requests a minute.
    fn new(share: NonZeroU32) -> Self {
        Self::remembering(share, REMEMBERED)
    }

    fn remembering(share: NonZeroU32, clients: NonZeroUsize) -> Self {
        Self { step: MINUTE / share.get(), whole: Mutex::new(LruCache::sparse(clients)) }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// The client's share is used up: the time until the next request is allowed.
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

/// The rate limit, if there is one.
#[derive(Debug)]
pub(crate) struct RateLimit {
    rate: Option<Rate>,
    metrics: Metrics,
}

impl RateLimit {
    /// A limit of `share` requests a minute of each client.
    pub(crate) fn new(share: Option<NonZeroU32>, metrics: Metrics) -> Self {
        Self { rate: share.map(Rate::new), metrics }
    }
}

/// Responds 429 to a client with too many requests. Health checks are exempt.
pub(crate) async fn limit(State(limit): State<Arc<RateLimit>>, request: Request, next: Next) -> Response {
    let taken = match (&limit.rate, request.extensions().get::<Client>()) {
        (Some(rate), Some(client)) if !is_asked(&request) => rate.take(client.share(), Instant::now()),
        _ => Ok(()),
    };
    match taken {
        Ok(()) => next.run(request).await,
        Err(wait) => {
            limit.metrics.refuse(Refusal::Rate);
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
    fn a_full_share_is_available_at_once_and_refills() {
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
    fn the_table_is_bounded_and_drops_the_least_recently_seen() {
        let (rate, start) = (rate(1, 2), Instant::now());
        for number in [1, 2, 1, 3] {
            let _ = rate.take(client(number), start);
        }
        assert_eq!(rate.whole.lock().unwrap().len(), 2);
        assert!(rate.take(client(1), start).is_err());
        assert!(rate.take(client(2), start).is_ok());
    }

    proptest! {
        /// Compares with a token bucket that is refilled by one request each step.
        #[test]
        fn the_limit_equals_a_token_bucket(share in 1u32..50, waits in prop::collection::vec(0u64..4000, 1..200)) {
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
