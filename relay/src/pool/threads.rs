//! The threads that compute.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rayon::{ThreadPool, ThreadPoolBuilder};
use thread_priority::{ThreadPriority, ThreadPriorityValue};
use tokio::sync::oneshot;

/// How urgent computing is, of 100, where a thread has 50 unless told. On Linux this is a niceness of 9: beside a thread
/// of the usual priority, an eighth of a processor.
const URGENCY: u8 = 25;

/// So many threads, no more: each keeps the memory that a photo took for the next one. They give way to those that read
/// and answer, which would wait milliseconds for a processor each time they have something to do, and everybody's answer
/// with them.
#[derive(Clone, Debug)]
pub(super) struct Threads(Arc<ThreadPool>);

/// The system does not give as many threads.
#[derive(Debug, thiserror::Error)]
#[error("cannot start {number} threads to compute on; give fewer `--workers`")]
pub struct ThreadsError {
    number: usize,
    source: rayon::ThreadPoolBuildError,
}

impl Threads {
    /// # Errors
    /// The system does not give as many.
    pub(super) fn start(number: usize) -> Result<Self, ThreadsError> {
        let threads = ThreadPoolBuilder::new()
            .num_threads(number)
            .thread_name(|number| format!("computing-{number}"))
            .start_handler(|_| give_way())
            .build();
        Ok(Self(Arc::new(threads.map_err(|source| ThreadsError { number, source })?)))
    }

    /// Runs a job when a thread is free, whether or not anybody waits for what it makes.
    ///
    /// # Errors
    /// The receiver's, if the job panics.
    pub(super) fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> oneshot::Receiver<T> {
        let (sender, receiver) = oneshot::channel();
        // Unwinding, a job drops all it has; the hook has logged why.
        self.0.spawn(move || {
            if let Ok(output) = catch_unwind(AssertUnwindSafe(job)) {
                let _ = sender.send(output);
            }
        });
        receiver
    }
}

/// Lowers the priority of the thread that calls.
fn give_way() {
    let lowered = ThreadPriorityValue::try_from(URGENCY)
        .is_ok_and(|urgency| ThreadPriority::Crossplatform(urgency).set_for_current().is_ok());
    // A sandbox may forbid it: answers come nevertheless, later under overload.
    if !lowered {
        tracing::debug!("the system does not let computing give way to reading and answering");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::thread;

    #[tokio::test]
    async fn a_job_that_panics_makes_nothing_and_leaves_its_thread() {
        let threads = Threads::start(1).unwrap();
        let name = || thread::current().name().map(str::to_owned);
        threads.run(|| panic!("this is the job's end")).await.unwrap_err();
        assert_eq!(threads.run(name).await.unwrap().as_deref(), Some("computing-0"));
    }

    #[tokio::test]
    async fn no_more_threads_compute_than_were_asked_for() {
        let threads = Threads::start(2).unwrap();
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
        /// The niceness of the thread that asks, `man 5 proc_pid_stat`'s field 19.
        fn niceness() -> i32 {
            let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
            let (_, after_name) = stat.rsplit_once(") ").unwrap();
            after_name.split(' ').nth(19 - 3).unwrap().parse().unwrap()
        }
        let before = niceness();
        let computing = Threads::start(1).unwrap().run(niceness).await.unwrap();
        assert_eq!((niceness(), computing), (before, 9));
    }
}
