//! The inference pool: so many jobs at once, so many waiting, no more.

use std::sync::Arc;

use tokio::sync::Semaphore;

/// Runs blocking jobs off the async threads. Clones share its places.
#[derive(Clone, Debug)]
pub struct Pool {
    /// Running and waiting jobs together.
    places: Arc<Semaphore>,
    workers: Arc<Semaphore>,
}

impl Pool {
    /// A pool that runs `workers` jobs at once and lets `waiting` more wait.
    #[must_use]
    pub fn new(workers: usize, waiting: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(workers.saturating_add(waiting).min(Semaphore::MAX_PERMITS))),
            workers: Arc::new(Semaphore::new(workers.min(Semaphore::MAX_PERMITS))),
        }
    }

    /// Runs a job when a worker is free. Dropping the future gives up a place in the queue; a job that runs goes on
    /// to its end and holds its worker until then.
    ///
    /// # Errors
    /// [`PoolError::Full`] at once when every place is taken; [`PoolError::Panicked`] if the job panics.
    pub async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, PoolError> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| PoolError::Full)?;
        // Only a closed semaphore refuses here, and this one is never closed.
        let worker = Arc::clone(&self.workers).acquire_owned().await.map_err(|_| PoolError::Full)?;
        let running = tokio::task::spawn_blocking(move || {
            let _held = (place, worker);
            job()
        });
        running.await.map_err(|_| PoolError::Panicked)
    }
}

/// A job that was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PoolError {
    /// Every worker and every waiting place is taken.
    #[error("every place in the inference pool is taken")]
    Full,
    /// The job panicked; the pool goes on.
    #[error("the job panicked")]
    Panicked,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use tokio::task::JoinHandle;

    /// A job that runs until its sender is dropped.
    fn long_job(pool: &Pool) -> (mpsc::Sender<()>, JoinHandle<Result<(), PoolError>>) {
        let (release, held) = mpsc::channel::<()>();
        let pool = pool.clone();
        let job = async move {
            pool.run(move || {
                let _ = held.recv();
            })
            .await
        };
        (release, tokio::spawn(job))
    }

    async fn until(pool: &Pool, free: usize) {
        while pool.places.available_permits() != free {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_full_pool_refuses_at_once_and_recovers() {
        let pool = Pool::new(1, 1);
        let (first, running) = long_job(&pool);
        let (second, waiting) = long_job(&pool);
        until(&pool, 0).await;
        assert_eq!(pool.run(|| ()).await, Err(PoolError::Full));
        drop((first, second));
        assert_eq!(running.await.unwrap(), Ok(()));
        assert_eq!(waiting.await.unwrap(), Ok(()));
        assert_eq!(pool.run(|| 7).await, Ok(7));
    }

    #[tokio::test]
    async fn a_panic_stays_with_its_own_job() {
        let pool = Pool::new(1, 0);
        for _ in 0..3 {
            assert_eq!(pool.run(|| panic!("on purpose")).await, Err::<(), _>(PoolError::Panicked));
        }
        assert_eq!(pool.run(|| 7).await, Ok(7));
    }

    #[tokio::test]
    async fn a_sender_who_leaves_gives_its_place_back() {
        let pool = Pool::new(1, 1);
        let (release, running) = long_job(&pool);
        let (_never, waiting) = long_job(&pool);
        until(&pool, 0).await;
        waiting.abort();
        until(&pool, 1).await;
        drop(release);
        running.await.unwrap().unwrap();
        until(&pool, 2).await;
    }
}
