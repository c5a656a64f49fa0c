//! Threads for work that takes a processor for milliseconds: photos, and bodies that are long to read.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::thread;

use tokio::sync::oneshot;

use crate::metrics::Metrics;

type Job = Box<dyn FnOnce() + Send>;

/// So many threads, no more: each keeps the memory that a photo took for the next one. On Linux they give way to those
/// that read and answer, which would wait milliseconds for a processor each time they have something to do, and
/// everybody's answer with them.
///
/// They are no pool of rayon's: there, a job whose own work is parallel would begin another job while it waits, and hold
/// the memory of both.
#[derive(Clone, Debug)]
pub(crate) struct Threads {
    jobs: Sender<Job>,
    number: usize,
    metrics: Metrics,
}

/// The system does not give as many threads.
#[derive(Debug, thiserror::Error)]
#[error("cannot start {number} threads to compute on; give fewer `--workers`")]
pub struct ThreadsError {
    number: usize,
    source: io::Error,
}

impl Threads {
    /// They are called by this name and a number, and end when nobody can give them a job any more.
    ///
    /// # Errors
    /// The system does not give as many.
    pub(crate) fn start(name: &str, number: usize, metrics: Metrics) -> Result<Self, ThreadsError> {
        let (jobs, waiting) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        for index in 0..number {
            let (waiting, metrics) = (Arc::clone(&waiting), metrics.clone());
            let work = move || {
                give_way_or_say_so();
                work(&waiting, &metrics);
            };
            let started = thread::Builder::new().name(format!("{name}-{index}")).spawn(work);
            started.map_err(|source| ThreadsError { number, source })?;
        }
        Ok(Self { jobs, number, metrics })
    }

    /// How many there are.
    pub(crate) fn number(&self) -> usize {
        self.number
    }

    /// Runs a job when a thread is free, whether or not anybody waits for what it makes; in the order in which they are
    /// given.
    ///
    /// The receiver errs if the job panics, which is counted; the hook has logged why.
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
        // The threads take jobs for as long as there is a sender, such as this one.
        let _ = self.jobs.send(Box::new(job));
        receiver
    }
}

fn work(waiting: &Mutex<Receiver<Job>>, metrics: &Metrics) {
    loop {
        // Another thread may wait once this one has its job.
        let job = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // What is left to panic is the end of an output that nobody waits for.
        if catch_unwind(AssertUnwindSafe(job)).is_err() {
            metrics.panics.inc();
        }
    }
}

fn give_way_or_say_so() {
    static SAID: Once = Once::new();
    if let Err(error) = give_way() {
        SAID.call_once(|| {
            tracing::info!("under overload answers come later: computing cannot give way to them: {error}");
        });
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
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn threads(number: usize) -> Threads {
        Threads::start("computing", number, Metrics::default()).unwrap()
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
        let (release, held) = channel::<()>();
        let busy = threads.run(move || held.recv());
        drop(threads.run(|| Dropped));
        drop(release);
        assert!(busy.await.unwrap().is_err());
        assert_eq!(threads.run(|| 1).await, Ok(1));
        assert_eq!(threads.metrics.panics.get(), 1);
    }

    /// Also where the jobs' own work is parallel.
    #[tokio::test]
    async fn no_more_jobs_run_at_once_than_there_are_threads() {
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
        let (tell, told) = channel();
        let jobs = [1, 2, 3].map(|number| {
            let tell = tell.clone();
            threads.run(move || tell.send(number).unwrap())
        });
        for job in jobs {
            job.await.unwrap();
        }
        assert_eq!(told.try_iter().collect::<Vec<_>>(), [1, 2, 3]);
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
