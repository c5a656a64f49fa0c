//! Why a job has no output.

/// Nobody waits for a job's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nobody waits for this job any more")]
pub struct Abandoned;

/// Why a job has no output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PoolError {
    /// Too few slots are free.
    #[error("every slot in the inference pool is taken")]
    Full,
    /// The deadline passed.
    #[error("the job was not done in time")]
    Late,
    /// The job panicked. The pool keeps running.
    #[error("the job panicked")]
    Panicked,
}
