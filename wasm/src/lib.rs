//! The predictor on the phone: [`mango_inference`] behind wasm-bindgen.
//!
//! The JavaScript around it (`wasm/js`) starts the module, turns a crash into an `Error` and prevents the use of a dead
//! instance. `wasm/npm/index.d.ts` describes the API for its users.

mod crash;
mod embedded;
mod failure;
mod gallery;
mod reconcile;
mod scout;
#[cfg(feature = "timing")]
mod timing;

pub use crash::{crash_for_test, keep_panic_messages, panic_message};
pub use embedded::Embedded;
pub use gallery::OrchardGallery;
pub use reconcile::reconcile;
pub use scout::Scout;
#[cfg(feature = "timing")]
pub use timing::{TimedNetwork, print_timing};

use wasm_bindgen::prelude::wasm_bindgen;

/// The crate's version and the git revision it was built from, such as `0.1.0+1a2b3c4d5e6f`.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    concat!(env!("CARGO_PKG_VERSION"), "+", env!("MANGO_REVISION")).to_owned()
}
