//! The wasm build in Node.

#![cfg(target_family = "wasm")]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod behaviour;
