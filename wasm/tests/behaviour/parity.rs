use super::model::{MANIFEST, WEIGHTS, bare, cases, networks, parse};
use mango_inference::{Backend, ModelBundle, Photo, PhotoLimits, Predictor};
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

/// Largest difference of logits from the native build's.
const LOGITS: f32 = 1e-3;

/// Smallest difference of two native logits whose order must be the same.
const ORDER: f32 = 2e-3;

#[wasm_bindgen_test]
fn every_photo_has_the_native_builds_answer() {
    let bundle = ModelBundle::new(MANIFEST, WEIGHTS.to_vec()).unwrap();
    let predictor = Predictor::new(&bundle, Backend::default()).unwrap();
    let (mut pixels, mut logits) = (0u8, 0f32);
    let cases = cases();
    let preprocessing = predictor.manifest().preprocessing;
    let limits = PhotoLimits::default().with_detail(preprocessing.detail());
    for case in &cases {
        let input = preprocessing.apply(&Photo::decode_within(&case.photo, limits).unwrap()).unwrap();
        assert_eq!(input.pixels().len(), case.pixels.len(), "{}", case.name);
        let worst = input.pixels().iter().zip(&case.pixels).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
        pixels = pixels.max(worst);
        assert!(worst <= 1, "{}: a pixel is {worst} of 255 from the native one", case.name);
        let found = predictor.observe(&[input]).unwrap().remove(0).logits;
        let worst = found.iter().zip(&case.logits).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        logits = logits.max(worst);
        assert!(worst <= LOGITS, "{}: {found:?} is not {:?}", case.name, case.logits);
        for (i, a) in case.logits.iter().enumerate() {
            for (j, b) in case.logits.iter().enumerate().filter(|(_, b)| a - **b > ORDER) {
                assert!(found[i] > found[j], "{}: {a} and {b} changed places", case.name);
            }
        }
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
            assert_eq!(found.len(), expected.len());
            let worst = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
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
