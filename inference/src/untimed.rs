//! The no-op replacement of `timing` in the phone's module.

/// Runs a step.
pub(crate) fn step<T>(_describe: impl FnOnce() -> (String, Option<f64>), run: impl FnOnce() -> T) -> T {
    run()
}

/// Does nothing.
pub(crate) fn finish() {}

/// Does nothing.
pub(crate) fn forget() {}
