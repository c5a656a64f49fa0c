//! On wasm, burn-ndarray gives the same logits as burn-flex.

#![cfg(target_family = "wasm")]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test stops at what it did not expect")]

#[path = "behaviour/model.rs"]
#[allow(dead_code, reason = "other tests use the rest of this module")]
mod model;

use mango_inference::{Backend, ModelBundle, Photo, PhotoLimits, Predictor};
use model::{MANIFEST, WEIGHTS, cases};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn logits_match_burn_flex_on_the_native_build() {
    let bundle = ModelBundle::new(MANIFEST, WEIGHTS.to_vec()).unwrap();
    let predictor = Predictor::new(&bundle, Backend::NdArray).unwrap();
    let limits = PhotoLimits::default().with_detail(predictor.manifest().preprocessing.detail());
    for case in cases().iter().step_by(9).take(6) {
        let found = predictor.observe_photo(&Photo::decode_within(&case.photo, limits).unwrap()).unwrap().logits;
        let worst = found.iter().zip(&case.logits).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst <= 1e-3, "{}: {found:?} is not {:?}", case.name, case.logits);
    }
}
