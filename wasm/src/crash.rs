//! What a panic said. Wasm aborts on one, so its message is kept for whoever catches the trap.

use std::panic;
use std::sync::Mutex;

use wasm_bindgen::prelude::wasm_bindgen;

static MESSAGE: Mutex<Option<String>> = Mutex::new(None);

/// Runs when the module is started: from then on a panic's message is kept.
#[wasm_bindgen(start)]
pub fn keep_panic_messages() {
    panic::set_hook(Box::new(|info| {
        if let Ok(mut message) = MESSAGE.lock() {
            *message = Some(info.to_string());
        }
    }));
}

/// The message of the panic that ended this instance; nothing where it ended without one, as when memory runs out.
#[wasm_bindgen(js_name = panicMessage)]
#[must_use]
pub fn panic_message() -> Option<String> {
    MESSAGE.lock().ok()?.clone()
}

/// Panics on purpose, so that the way out of a crash can be tested on the module that ships.
#[wasm_bindgen(js_name = crashForTest)]
#[allow(clippy::panic, reason = "it is what the function is for")]
pub fn crash_for_test(message: &str) {
    panic!("{message}");
}
