//! Tests that run on every platform of the module.

mod bad_input;
mod gallery;
mod model;
mod parity;
mod reconcile;
mod scout;
