//! The wasm build in a browser.

#![cfg(target_family = "wasm")]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod behaviour;

// Where the phone runs it too. The page itself stays free to answer the driver, which gives up on one that is silent for
// half a minute.
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);
