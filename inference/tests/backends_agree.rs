//! burn-flex with our kernels and burn-ndarray with burn's operations, two independent implementations, give the same
//! logits and heat maps, for the shipped models and for random architectures.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test stops at what it did not expect")]

#[path = "support/network.rs"]
mod network;
#[path = "support/photos.rs"]
mod photos;

use burn::tensor::TensorData;
use image::{Rgb, RgbImage};
use mango_inference::{Backend, HeatMap, ModelBundle, Observation, Photo, PredictError, Predictor, Weights, sha256};

/// Random architectures that are tested.
const SHAPES: u32 = 60;

/// Real photos that are tested.
const REAL: usize = 8;

/// Pictures with flat areas, ramps, stripes and noise.
fn pictures() -> Vec<(String, Photo)> {
    let noise = |x: u32, y: u32, c: u32| {
        let mixed = (x * 0x9E37 + y * 0x85EB + c * 0xC2B3).wrapping_mul(0x27D4_EB2F);
        (mixed >> 24) as u8
    };
    [
        ("flat", RgbImage::from_pixel(40, 40, Rgb([90, 140, 60]))),
        ("ramp", RgbImage::from_fn(300, 200, |x, y| Rgb([(x * 255 / 300) as u8, (y * 255 / 200) as u8, 128]))),
        (
            "stripes",
            RgbImage::from_fn(224, 224, |x, y| if (x / 7 + y / 5) % 2 == 0 { Rgb([255; 3]) } else { Rgb([0; 3]) }),
        ),
        ("noise", RgbImage::from_fn(257, 193, |x, y| Rgb([noise(x, y, 0), noise(x, y, 1), noise(x, y, 2)]))),
        ("a column", RgbImage::from_fn(1, 500, |_, y| Rgb([(y % 256) as u8, 200, 30]))),
    ]
    .map(|(name, picture)| (name.to_owned(), Photo::from_pixels(picture)))
    .into()
}

fn predictors(bundle: &ModelBundle) -> [Predictor; 2] {
    [Backend::Flex, Backend::NdArray].map(|backend| Predictor::new(bundle, backend).unwrap())
}

fn shipped(model: &str) -> ModelBundle {
    ModelBundle::load(format!("{}/../models/{model}", env!("CARGO_MANIFEST_DIR")).as_ref()).unwrap()
}

fn largest_difference(ours: &[f32], reference: &[f32]) -> f32 {
    assert_eq!(ours.len(), reference.len());
    ours.iter().zip(reference).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn logits_of_the_shipped_models_agree_within_a_ten_thousandth() {
    let mut shown = pictures();
    shown.extend(photos::some(REAL).unwrap().into_iter().map(|(name, file)| (name, Photo::decode(&file).unwrap())));
    for model in ["leaf-lite0", "leaf-mini"] {
        let predictors = predictors(&shipped(model));
        let mut worst = 0f32;
        for (name, photo) in &shown {
            let [ours, reference] = predictors.each_ref().map(|predictor| predictor.observe_photo(photo).unwrap());
            let off = largest_difference(&ours.logits, &reference.logits);
            assert!(off <= 1e-4, "{model}, {name}: {off} between {ours:?} and {reference:?}");
            worst = worst.max(off);
        }
        eprintln!("{model}: {} pictures, largest difference {worst:e}", shown.len());
    }
}

#[test]
fn heat_maps_agree_within_a_thousandth() {
    let predictors = predictors(&shipped("leaf-lite0"));
    for (name, photo) in pictures() {
        let [ours, reference]: [HeatMap; 2] =
            predictors.each_ref().map(|predictor| predictor.explain(&photo).unwrap().heatmap.unwrap());
        assert_eq!((ours.width, ours.height, ours.view), (reference.width, reference.height, reference.view));
        let worst = largest_difference(&ours.values, &reference.values);
        assert!(worst <= 1e-3, "{name}: {worst}");
    }
}

#[test]
fn random_architectures_agree() {
    let photos: Vec<Photo> = pictures().into_iter().map(|(_, photo)| photo).collect();
    for seed in 0..SHAPES {
        let bundle = network::odd(seed).unwrap();
        // One by one, and in one batch.
        let [ours, reference]: [Vec<Observation>; 2] = predictors(&bundle).map(|predictor| {
            let inputs: Vec<_> =
                photos.iter().map(|photo| predictor.manifest().preprocessing.apply(photo).unwrap()).collect();
            let mut seen = predictor.observe(&inputs).unwrap();
            seen.push(predictor.observe_photo(&photos[0]).unwrap());
            seen
        });
        for (ours, reference) in ours.iter().zip(&reference) {
            let pairs = [(&ours.logits, &reference.logits), (&ours.embedding, &reference.embedding)];
            let off =
                pairs.map(|(ours, reference)| largest_difference(ours, reference)).into_iter().fold(0.0, f32::max);
            // The logits of a network with the close view are sums of three times as many terms.
            let bound = if bundle.manifest().preprocessing.close { 3e-4 } else { 1e-4 };
            assert!(off <= bound, "seed {seed}, {:?}: {off}", bundle.manifest().architecture);
        }
        assert_eq!(ours[0], ours[photos.len()], "seed {seed}: a batch gives what one photo gives");
    }
}

/// Finite weights whose sums overflow must not give a prediction.
#[test]
fn a_network_that_overflows_is_an_error() {
    let bundle = network::odd(3).unwrap();
    let network = bundle.network(&Backend::Flex.device()).unwrap();
    let huge = Weights::of(&network).map(|tensor| {
        let values = tensor.iter::<f32>().map(|value| 3e38f32.copysign(value)).collect();
        TensorData::new::<f32, _>(values, tensor.shape().to_vec())
    });
    let bytes = huge.encode(bundle.manifest().weights.precision).unwrap();
    let mut manifest = bundle.manifest().clone();
    manifest.weights.sha256 = sha256(&bytes);
    let bundle = ModelBundle::new(&manifest.to_json(), bytes).unwrap();
    for predictor in predictors(&bundle) {
        for (name, photo) in pictures() {
            assert!(matches!(predictor.predict(&photo), Err(PredictError::Backend(_))), "{name}");
        }
    }
}
