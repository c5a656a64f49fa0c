//! Threads for work that takes a processor for milliseconds: photos, and bodies that are long to read.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rayon::{ThreadPool, ThreadPoolBuilder};
use tokio::sync::oneshot;

use crate::metrics::Metrics;
use crate::terminal::counted;

/// So many threads, no more: each keeps the memory that a photo took for the next one. On Linux they give way to those
/// that read and answer, which would wait milliseconds for a processor each time they have something to do, and
/// everybody's answer with them.
#[derive(Clone, Debug)]
pub(crate) struct Threads {
    pool: Arc<ThreadPool>,
    metrics: Metrics,
}

/// The system does not give as many threads.
#[derive(Debug, thiserror::Error)]
#[error("cannot start {} to compute on; give fewer `--workers`", counted(*number, "thread"))]
pub struct ThreadsError {
    number: usize,
    source: rayon::ThreadPoolBuildError,
}

impl Threads {
    /// # Errors
    /// The system does not give as many.
    pub(crate) fn start(number: usize, metrics: Metrics) -> Result<Self, ThreadsError> {
        let panics = metrics.panics.clone();
        let pool = ThreadPoolBuilder::new()
            .num_threads(number)
            .thread_name(|number| format!("computing-{number}"))
            .start_handler(|number| {
                let gives_way = give_way();
                if let (0, Err(error)) = (number, gives_way) {
                    tracing::info!("under overload answers come later: computing cannot give way to them: {error}");
                }
            })
            // What is left to panic is the end of an output that nobody waits for.
            .panic_handler(move |_| panics.inc())
            .build()
            .map_err(|source| ThreadsError { number, source })?;
        Ok(Self { pool: Arc::new(pool), metrics })
    }

    /// How many there are, at least one.
    pub(crate) fn number(&self) -> usize {
        self.pool.current_num_threads()
    }

    /// Runs a job when a thread is free, whether or not anybody waits for what it makes. In the job, rayon's own
    /// parallel work would run other jobs while it waits.
    ///
    /// The receiver errs if the job panics, which is counted; the hook has logged why.
    pub(crate) fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> oneshot::Receiver<T> {
        let (sender, receiver) = oneshot::channel();
        let panics = self.metrics.panics.clone();
        self.pool.spawn(move || match catch_unwind(AssertUnwindSafe(job)) {
            Ok(output) => drop(sender.send(output)),
            Err(_) => {
                panics.inc();
                drop(sender);
            }
        });
        receiver
    }
}

/// Lowers the priority of the thread that calls: beside another, it gets an eighth of a processor.
#[cfg(target_os = "linux")]
fn give_way() -> io::Result<()> {
    rustix::process::nice(9)?;
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn give_way() -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::sync::mpsc;
    use std::thread;

    fn threads(number: usize) -> Threads {
        Threads::start(number, Metrics::default()).unwrap()
    }

    #[tokio::test]
    async fn a_job_that_panics_makes_nothing_and_leaves_its_thread() {
        let threads = threads(1);
        let name = || thread::current().name().map(str::to_owned);
        threads.run(|| panic!("this is the job's end")).await.unwrap_err();
        assert_eq!(threads.run(name).await.unwrap().as_deref(), Some("computing-0"));
        assert_eq!(threads.metrics.panics.get(), 1);
    }

    #[tokio::test]
    async fn what_panics_when_it_is_dropped_is_no_end_of_the_program() {
        #[derive(Debug)]
        struct Dropped;
        impl Drop for Dropped {
            fn drop(&mut self) {
                panic!("this is the output's end");
            }
        }
        let threads = threads(1);
        let (release, held) = mpsc::channel::<()>();
        let busy = threads.run(move || held.recv());
        drop(threads.run(|| Dropped));
        drop(release);
        assert!(busy.await.unwrap().is_err());
        assert_eq!(threads.run(|| 1).await, Ok(1));
        assert_eq!(threads.metrics.panics.get(), 1);
    }

    #[tokio::test]
    async fn no_more_threads_compute_than_were_asked_for() {
        let threads = threads(2);
        let jobs: Vec<_> = (0..100).map(|_| threads.run(|| thread::current().id())).collect();
        let mut seen = HashSet::new();
        for job in jobs {
            seen.insert(job.await.unwrap());
        }
        assert!(seen.len() <= 2, "{seen:?}");
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn computing_gives_way_to_what_reads_and_answers() {
        let before = rustix::process::getpriority_process(None).unwrap();
        let computing = threads(1).run(|| rustix::process::getpriority_process(None)).await.unwrap();
        assert_eq!(computing.unwrap(), (before + 9).min(19));
        assert_eq!(rustix::process::getpriority_process(None).unwrap(), before);
    }
}
