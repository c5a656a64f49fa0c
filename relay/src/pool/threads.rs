//! A pool of threads for CPU-bound work of milliseconds: photos, and request bodies that are long to parse.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::thread;

use tokio::sync::oneshot;

use crate::monitoring::metrics::Metrics;

type Job = Box<dyn FnOnce() + Send>;

/// A fixed number of threads. A thread keeps the memory of one photo for the next one. On Linux the threads have a
/// lower priority than the threads that read and answer requests: otherwise every request would wait milliseconds for a
/// processor.
///
/// This is not a rayon pool. In a rayon pool a job with parallel work would start another job while it waits, and hold
/// the memory of both.
#[derive(Clone, Debug)]
pub(crate) struct Threads {
    jobs: Sender<Job>,
    number: usize,
    metrics: Metrics,
}

/// The system cannot start that many threads.
#[derive(Debug, thiserror::Error)]
#[error("cannot start {number} threads to compute on; give fewer `--workers`")]
pub struct ThreadsError {
    number: usize,
    source: io::Error,
}

impl Threads {
    /// Starts `number` threads called `name` and a number. They end when the last sender is dropped.
    ///
    /// # Errors
    /// The system cannot start that many threads.
    pub(crate) fn start(name: &str, number: usize, metrics: Metrics) -> Result<Self, ThreadsError> {
        let (jobs, waiting) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        for index in 0..number {
            let (waiting, metrics) = (Arc::clone(&waiting), metrics.clone());
            let work = move || {
                lower_priority_or_log();
                work(&waiting, &metrics);
            };
            let started = thread::Builder::new().name(format!("{name}-{index}")).spawn(work);
            started.map_err(|source| ThreadsError { number, source })?;
        }
        Ok(Self { jobs, number, metrics })
    }

    /// The number of threads.
    pub(crate) fn number(&self) -> usize {
        self.number
    }

    /// Runs jobs in the order given, each when a thread is free, whether or not the caller still waits for the output.
    ///
    /// The receiver returns an error if the job panics. The panic is counted here and logged by the panic hook.
    pub(crate) fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> oneshot::Receiver<T> {
        let (sender, receiver) = oneshot::channel();
        let panics = self.metrics.panics.clone();
        let job = move || match catch_unwind(AssertUnwindSafe(job)) {
            Ok(output) => drop(sender.send(output)),
            Err(_) => {
                panics.inc();
                drop(sender);
            }
        };
        // Sending cannot fail: the threads run as long as there is a sender, such as this one.
        let _ = self.jobs.send(Box::new(job));
        receiver
    }
}

fn work(waiting: &Mutex<Receiver<Job>>, metrics: &Metrics) {
    loop {
        // The lock is released before the job runs, so that another thread can wait for the next one.
        let job = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // Only dropping an output that nobody waits for can still panic.
        if catch_unwind(AssertUnwindSafe(job)).is_err() {
            metrics.panics.inc();
        }
    }
}

fn lower_priority_or_log() {
    static SAID: Once = Once::new();
    if let Err(error) = lower_priority() {
        SAID.call_once(|| {
            tracing::info!("cannot lower the compute threads' priority; expect slower answers under load: {error}");
        });
    }
}

/// Lowers the priority of the calling thread. Beside a normal thread it gets about an eighth of a processor.
#[cfg(target_os = "linux")]
fn lower_priority() -> io::Result<()> {
    rustix::process::nice(9)?;
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn lower_priority() -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn threads(number: usize) -> Threads {
        Threads::start("computing", number, Metrics::new().unwrap()).unwrap()
    }

    #[tokio::test]
    async fn a_panicking_job_has_no_output_and_its_thread_survives() {
        let threads = threads(1);
        let name = || thread::current().name().map(str::to_owned);
        threads.run(|| panic!("this is the job's end")).await.unwrap_err();
        assert_eq!(threads.run(name).await.unwrap().as_deref(), Some("computing-0"));
        assert_eq!(threads.metrics.panics.get(), 1);
    }

    #[tokio::test]
    async fn an_output_that_panics_on_drop_does_not_end_the_program() {
        #[derive(Debug)]
        struct Dropped;
        impl Drop for Dropped {
            fn drop(&mut self) {
                panic!("this is the output's end");
            }
        }
        let threads = threads(1);
        let (release, held) = channel::<()>();
        let busy = threads.run(move || held.recv());
        drop(threads.run(|| Dropped));
        drop(release);
        assert!(busy.await.unwrap().is_err());
        assert_eq!(threads.run(|| 1).await, Ok(1));
        assert_eq!(threads.metrics.panics.get(), 1);
    }

    /// Holds for jobs with parallel work too.
    #[tokio::test]
    async fn at_most_one_job_per_thread_runs() {
        static RUNNING: AtomicUsize = AtomicUsize::new(0);
        let threads = threads(2);
        let job = || {
            let running = RUNNING.fetch_add(1, Ordering::SeqCst) + 1;
            rayon::join(thread::yield_now, thread::yield_now);
            RUNNING.fetch_sub(1, Ordering::SeqCst);
            running
        };
        let jobs: Vec<_> = (0..1000).map(|_| threads.run(job)).collect();
        for job in jobs {
            assert!((1..=2).contains(&job.await.unwrap()));
        }
    }

    #[tokio::test]
    async fn jobs_run_in_the_order_in_which_they_are_given() {
        let threads = threads(1);
        let (send, received) = channel();
        let jobs = [1, 2, 3].map(|number| {
            let send = send.clone();
            threads.run(move || send.send(number).unwrap())
        });
        for job in jobs {
            job.await.unwrap();
        }
        assert_eq!(received.try_iter().collect::<Vec<_>>(), [1, 2, 3]);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn compute_threads_have_a_lower_priority() {
        let before = rustix::process::getpriority_process(None).unwrap();
        let computing = threads(1).run(|| rustix::process::getpriority_process(None)).await.unwrap();
        assert_eq!(computing.unwrap(), (before + 9).min(19));
        assert_eq!(rustix::process::getpriority_process(None).unwrap(), before);
    }
}
