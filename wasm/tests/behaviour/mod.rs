//! What holds wherever the module runs.

mod bad_input;
mod gallery;
mod model;
mod parity;
mod reconcile;
mod scout;
