use super::*;
use std::sync::mpsc;
use tokio::task::JoinHandle;

type Job = JoinHandle<Result<Done<()>, PoolError>>;

fn pool(workers: usize, slots: usize) -> Pool {
    Pool::new(workers, slots, Metrics::new().unwrap()).unwrap()
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

/// Whether a counter or gauge has that value.
fn shows(pool: &Pool, series: &str, value: u32) -> bool {
    let text = pool.metrics.text();
    text.lines().any(|line| line == format!("mango_relay_{series} {value}"))
}

/// A job that runs until its sender is dropped.
fn long_job(pool: &Pool, photos: usize, deadline: Instant) -> (mpsc::Sender<()>, Job) {
    let (release, held) = mpsc::channel::<()>();
    let pool = pool.clone();
    let job = async move {
        let job = move |_: &mut RunningJob| {
            let _ = held.recv();
        };
        pool.run(photos, deadline, job).await
    };
    (release, tokio::spawn(job))
}

async fn until(pool: &Pool, free: usize) {
    let soon = soon();
    while pool.slots.available_permits() != free {
        assert!(Instant::now() < soon, "{} slots are free, not {free}", pool.slots.available_permits());
        tokio::task::yield_now().await;
    }
}

async fn output<T: Send + 'static>(pool: &Pool, job: impl FnOnce() -> T + Send + 'static) -> Result<T, PoolError> {
    pool.run(1, soon(), |_| job()).await.map(|done| done.output)
}

#[tokio::test]
async fn a_full_pool_refuses_at_once_and_recovers() {
    let pool = pool(1, 2);
    let (first, running) = long_job(&pool, 1, soon());
    let (second, waiting) = long_job(&pool, 1, soon());
    until(&pool, 0).await;
    assert!(pool.is_full());
    assert_eq!(output(&pool, || ()).await, Err(PoolError::Full));
    assert!(shows(&pool, "refused_total{reason=\"full\"}", 1));
    while !shows(&pool, "inference_running", 1) || !shows(&pool, "queue_waiting", 1) {
        tokio::task::yield_now().await;
    }
    drop((first, second));
    running.await.unwrap().unwrap();
    waiting.await.unwrap().unwrap();
    assert_eq!(output(&pool, || 7).await, Ok(7));
    assert!(shows(&pool, "queue_waiting", 0) && shows(&pool, "inference_seconds_count", 3));
}

#[tokio::test]
async fn a_job_takes_a_slot_per_photo_and_frees_them_one_by_one() {
    let pool = pool(1, 4);
    let (ask, asked) = mpsc::channel::<()>();
    let job = move |running_job: &mut RunningJob| {
        while asked.recv().is_ok() {
            running_job.next_photo().unwrap();
        }
    };
    let running = tokio::spawn({
        let pool = pool.clone();
        async move { pool.run(3, soon(), job).await }
    });
    until(&pool, 1).await;
    let two = pool.run(2, soon(), |_| ()).await;
    assert_eq!(two.unwrap_err(), PoolError::Full);
    // Free slots after the start of each photo, and after the end.
    for free in [1, 2, 3, 3] {
        ask.send(()).unwrap();
        until(&pool, free).await;
    }
    drop(ask);
    running.await.unwrap().unwrap();
    until(&pool, 4).await;
    // A job with more photos than slots runs if it is alone.
    assert!(pool.run(6, soon(), |_| ()).await.is_ok());
}

#[tokio::test]
async fn a_panic_stays_with_its_own_job() {
    let pool = pool(1, 1);
    for _ in 0..3 {
        assert_eq!(output(&pool, || panic!("on purpose")).await, Err::<(), _>(PoolError::Panicked));
    }
    assert_eq!(output(&pool, || 7).await, Ok(7));
    assert!(shows(&pool, "panics_total", 3) && shows(&pool, "inference_running", 0));
}

#[tokio::test]
async fn a_client_that_leaves_frees_its_slot() {
    let pool = pool(1, 2);
    let (release, running) = long_job(&pool, 1, soon());
    let (_never, waiting) = long_job(&pool, 1, soon());
    until(&pool, 0).await;
    waiting.abort();
    until(&pool, 1).await;
    drop(release);
    running.await.unwrap().unwrap();
    until(&pool, 2).await;
    assert!(shows(&pool, "abandoned_total{reason=\"client_left\"}", 1));
    // The waiting job was never computed.
    assert!(shows(&pool, "inference_seconds_count", 1));
}

#[tokio::test]
async fn an_abandoned_job_stops_before_its_next_photo() {
    let pool = pool(1, 6);
    let (ask, asked) = mpsc::channel::<()>();
    let (tell, heard) = mpsc::channel();
    let job = move |running_job: &mut RunningJob| {
        while asked.recv().is_ok() {
            tell.send(running_job.next_photo()).unwrap();
        }
    };
    let running = tokio::spawn({
        let pool = pool.clone();
        async move { pool.run(6, soon(), job).await }
    });
    while !shows(&pool, "inference_running", 1) {
        tokio::task::yield_now().await;
    }
    let next = || {
        ask.send(()).unwrap();
        heard.recv().unwrap()
    };
    assert_eq!(next(), Ok(()));
    running.abort();
    let _ = running.await;
    assert_eq!(next(), Err(Abandoned));
    drop(ask);
    until(&pool, 6).await;
}

#[tokio::test]
async fn the_deadline_covers_the_queue_and_the_run() {
    let pool = pool(1, 2);
    let at = Instant::now() + Duration::from_secs(2);
    let (release, running) = long_job(&pool, 1, at);
    while !shows(&pool, "inference_running", 1) {
        assert!(Instant::now() < at, "the job has not begun in time");
        tokio::task::yield_now().await;
    }
    let (_never, waiting) = long_job(&pool, 1, at);
    assert_eq!(running.await.unwrap(), Err(PoolError::Late));
    assert_eq!(waiting.await.unwrap(), Err(PoolError::Late));
    assert!(shows(&pool, "abandoned_total{reason=\"deadline\"}", 2));
    // The worker is busy for as long as the job runs, answered or not.
    until(&pool, 1).await;
    drop(release);
    until(&pool, 2).await;
    assert!(shows(&pool, "inference_seconds_count", 1));
}
