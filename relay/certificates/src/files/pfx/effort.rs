//! Limits the cost of opening a file: the file itself sets the number of hash iterations.

use crate::fault::TlsFault;

/// Most hash iterations for one file, in which three to six keys are derived. Programs use 1 to 600,000 for each.
const ITERATIONS: u64 = 5_000_000;

/// Most memory for a key by scrypt, bytes.
const SCRYPT_MEMORY: u64 = 256 << 20;

/// The remaining hash iterations of a file.
#[derive(Debug)]
pub(super) struct Effort(u64);

impl Effort {
    pub(super) fn new() -> Self {
        Self(ITERATIONS)
    }

    /// Charges hash iterations.
    ///
    /// # Errors
    /// The limit is exceeded.
    pub(super) fn take(&mut self, iterations: u32) -> Result<(), TlsFault> {
        match self.0.checked_sub(u64::from(iterations)) {
            Some(left) => {
                self.0 = left;
                Ok(())
            }
            None => Err(TlsFault::PfxScheme(format!("its password is hashed more than {ITERATIONS} times"))),
        }
    }

    /// Charges a key by scrypt with cost N, block size r and parallelism p, which takes about as long as 2 N r p
    /// hashes.
    ///
    /// # Errors
    /// As [`Effort::take`], or the memory limit is exceeded.
    pub(super) fn take_scrypt(&mut self, cost: u64, block: u32, parallel: u32) -> Result<(), TlsFault> {
        let memory = cost.saturating_mul(u64::from(block)).saturating_mul(128);
        if memory > SCRYPT_MEMORY {
            return Err(TlsFault::PfxScheme(format!("scrypt with more than {} MiB of memory", SCRYPT_MEMORY >> 20)));
        }
        let hashes = (memory / 64).saturating_mul(u64::from(parallel));
        self.take(u32::try_from(hashes).unwrap_or(u32::MAX))
    }
}
