//! The message of a panic. Wasm traps on a panic, so the message is stored for the JavaScript that catches the trap.

use std::panic;
use std::sync::Mutex;

use wasm_bindgen::prelude::wasm_bindgen;

static MESSAGE: Mutex<Option<String>> = Mutex::new(None);

/// Runs at the start of the module: installs a panic hook that stores the message.
#[wasm_bindgen(start)]
pub fn keep_panic_messages() {
    panic::set_hook(Box::new(|info| {
        if let Ok(mut message) = MESSAGE.lock() {
            *message = Some(info.to_string());
        }
    }));
}

/// The message of the panic that ended this instance; `None` if it ended without a panic, such as out of memory.
#[wasm_bindgen(js_name = panicMessage)]
#[must_use]
pub fn panic_message() -> Option<String> {
    MESSAGE.lock().ok()?.clone()
}

/// Panics on purpose, so that crash handling can be tested on the shipped module.
#[wasm_bindgen(js_name = crashForTest)]
#[allow(clippy::panic, reason = "it is what the function is for")]
pub fn crash_for_test(message: &str) {
    panic!("{message}");
}
