//! Functions for benchmarks, not part of the phone's module.

use mango_inference::timing::{self, Timing};
use mango_inference::{Backend, ModelBundle, NetworkInput, Photo, PhotoLimits, Predictor};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
    #[wasm_bindgen(js_namespace = console)]
    fn error(text: &str);
}

/// Prints a timing table to the console after each prediction.
#[wasm_bindgen(js_name = printTiming)]
pub fn print_timing() {
    timing::start(Timing { now, print: error });
}

/// A network and its input.
#[wasm_bindgen]
#[derive(Debug)]
pub struct TimedNetwork {
    predictor: Predictor,
    inputs: [NetworkInput; 1],
}

#[wasm_bindgen]
impl TimedNetwork {
    /// A bundle's network, and its input from a photo.
    ///
    /// # Errors
    /// The bundle or the photo is invalid.
    #[wasm_bindgen(constructor)]
    pub fn new(manifest_json: &str, weights: Vec<u8>, photo: &[u8]) -> Result<TimedNetwork, JsError> {
        let predictor = Predictor::new(&ModelBundle::new(manifest_json, weights)?, Backend::default())?;
        let preprocessing = predictor.manifest().preprocessing;
        let limits = PhotoLimits::default().with_detail(preprocessing.detail());
        let inputs = [preprocessing.apply(&Photo::decode_within(photo, limits)?)?];
        Ok(Self { predictor, inputs })
    }

    /// Runs the network once.
    ///
    /// # Errors
    /// The network fails.
    pub fn run(&self) -> Result<(), JsError> {
        self.predictor.observe(&self.inputs)?;
        Ok(())
    }
}
