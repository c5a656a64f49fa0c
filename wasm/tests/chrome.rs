//! The wasm build in a browser.

#![cfg(target_family = "wasm")]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod behaviour;

// The phone runs it in a worker too. The page stays free to answer the driver, which gives up after half a minute
// without a response.
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);
