//! The wasm build in a browser.

#![cfg(target_family = "wasm")]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod behaviour;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
