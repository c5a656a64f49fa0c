//! burn-flex and burn-ndarray, two independent implementations, give the same logits and heat maps for the shipped model.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use image::{Rgb, RgbImage};
use mango_inference::{Backend, ModelBundle, Photo, Predictor};

/// Pictures with flat areas, ramps, stripes and noise.
fn pictures() -> Vec<Photo> {
    let noise = |x: u32, y: u32, c: u32| {
        let mixed = (x * 0x9E37 + y * 0x85EB + c * 0xC2B3).wrapping_mul(0x27D4_EB2F);
        (mixed >> 24) as u8
    };
    [
        RgbImage::from_pixel(40, 40, Rgb([90, 140, 60])),
        RgbImage::from_fn(300, 200, |x, y| Rgb([(x * 255 / 300) as u8, (y * 255 / 200) as u8, 128])),
        RgbImage::from_fn(224, 224, |x, y| if (x / 7 + y / 5) % 2 == 0 { Rgb([255; 3]) } else { Rgb([0; 3]) }),
        RgbImage::from_fn(257, 193, |x, y| Rgb([noise(x, y, 0), noise(x, y, 1), noise(x, y, 2)])),
        RgbImage::from_fn(1, 500, |_, y| Rgb([(y % 256) as u8, 200, 30])),
    ]
    .map(Photo::from_pixels)
    .into()
}

fn predictors() -> [Predictor; 2] {
    let bundle = ModelBundle::load(concat!(env!("CARGO_MANIFEST_DIR"), "/../models/leaf-lite0").as_ref()).unwrap();
    [Backend::Flex, Backend::NdArray].map(|backend| Predictor::new(&bundle, backend).unwrap())
}

fn largest_difference(ours: &[f32], reference: &[f32]) -> f32 {
    assert_eq!(ours.len(), reference.len());
    ours.iter().zip(reference).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn logits_agree_within_a_ten_thousandth() {
    let [flex, ndarray] = predictors();
    for (index, photo) in pictures().iter().enumerate() {
        let [ours, reference] = [&flex, &ndarray].map(|predictor| predictor.observe_photo(photo).unwrap().logits);
        let worst = largest_difference(&ours, &reference);
        eprintln!("picture {index}: largest difference {worst:e}");
        assert!(worst <= 1e-4, "picture {index}: {worst} between {ours:?} and {reference:?}");
    }
}

#[test]
fn heat_maps_agree_within_a_thousandth() {
    let [flex, ndarray] = predictors();
    for (index, photo) in pictures().iter().enumerate() {
        let [ours, reference] = [&flex, &ndarray].map(|predictor| predictor.explain(photo).unwrap().heatmap.unwrap());
        assert_eq!((ours.width, ours.height, ours.view), (reference.width, reference.height, reference.view));
        let worst = largest_difference(&ours.values, &reference.values);
        eprintln!("picture {index}: largest difference {worst:e}");
        assert!(worst <= 1e-3, "picture {index}: {worst}");
    }
}
