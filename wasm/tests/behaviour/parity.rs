#[path = "../../parity/check.rs"]
mod check;

use super::model::{MANIFEST, WEIGHTS, bare, cases, networks, parse};
use mango_inference::{Backend, ModelBundle, Photo, Predictor};
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

use check::{LOGITS, ORDER};

#[wasm_bindgen_test]
fn every_photo_has_the_native_builds_answer() {
    let bundle = ModelBundle::new(MANIFEST, WEIGHTS.to_vec()).unwrap();
    let predictor = Predictor::new(&bundle, Backend::default()).unwrap();
    let (mut pixels, mut logits) = (0u8, 0f32);
    let cases = cases();
    for case in &cases {
        let (pixel, logit) = check::photo(&predictor, &case.name, &case.photo, &case.pixels, &case.logits);
        (pixels, logits) = (pixels.max(pixel), logits.max(logit));
    }
    console_log!("{} photos: pixels within {pixels}, logits within {logits:e}", cases.len());
}

/// Tests the SIMD128 kernels at sizes and channels that the shipped model does not have.
#[wasm_bindgen_test]
fn random_architectures_give_the_native_builds_results() {
    let photo = Photo::decode(&cases()[0].photo).unwrap();
    for case in networks() {
        let bundle = ModelBundle::new(&case.manifest, case.weights).unwrap();
        let seen = Predictor::new(&bundle, Backend::default()).unwrap().observe_photo(&photo).unwrap();
        for (found, expected) in [(&seen.logits, &case.logits), (&seen.embedding, &case.embedding)] {
            let worst = check::farthest(found, expected);
            assert!(worst <= LOGITS, "{}: {worst}", case.manifest);
        }
    }
}

#[wasm_bindgen_test]
fn the_prediction_matches_the_logits() {
    let scout = bare();
    let manifest: serde_json::Value = serde_json::from_str(MANIFEST).unwrap();
    for case in cases().iter().filter(|case| case.photo.len() < 100_000) {
        let (best, _) = case.logits.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap();
        let prediction = parse(&scout.predict(&case.photo, false).unwrap());
        let runner_up = case.logits.iter().enumerate().filter(|(class, _)| *class != best).map(|(_, logit)| *logit);
        if case.logits[best] - runner_up.fold(f32::MIN, f32::max) > ORDER {
            assert_eq!(prediction.best().unwrap().id.as_str(), manifest["classes"][best].as_str().unwrap());
        }
    }
}
