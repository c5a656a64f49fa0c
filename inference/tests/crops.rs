//! A prediction that averages over several crops of a photo.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test stops at what it did not expect")]

#[path = "support/network.rs"]
mod network;

use image::{Rgb, RgbImage};
use mango_inference::network::{Architecture, Stage};
use mango_inference::{Backend, BundleError, Crops, ModelBundle, Photo, PhotoLimits, Predictor, View, ViewArea};

/// A random network.
fn bundle() -> ModelBundle {
    let stage = Stage { expand: 2, channels: 8, repeat: 1, stride: 2, kernel: 3 };
    let architecture = Architecture { stem: 8, stages: vec![stage], head: Some(12), embedding_stage: 1 };
    network::bundle("crops", 32, architecture, false, 5).unwrap()
}

/// A random network whose predictions average over these crops.
fn predictor(crops: Crops) -> Predictor {
    let bundle = bundle();
    let mut manifest = bundle.manifest().clone();
    manifest.preprocessing.view = View::CentreCrop { fraction: 1.0 };
    manifest.preprocessing.crops = crops;
    Predictor::new(&bundle.with_manifest(&manifest).unwrap(), Backend::default()).unwrap()
}

/// A long picture without symmetry.
fn photo() -> Photo {
    Photo::from_pixels(RgbImage::from_fn(120, 60, |x, y| Rgb([(x * 2) as u8, (y * 4) as u8, (x * y % 251) as u8])))
}

#[test]
fn the_embedding_is_the_mean_of_the_crops_embeddings() {
    let predictor = predictor(Crops::Two);
    let inputs = predictor.manifest().preprocessing.crops(&photo()).unwrap();
    let each = predictor.observe(&inputs).unwrap();
    assert_eq!(each.len(), 2);
    assert_ne!(each[0].embedding, each[1].embedding);
    let observation = predictor.observe_photo(&photo()).unwrap();
    for (index, value) in observation.embedding.iter().enumerate() {
        let mean = (each[0].embedding[index] + each[1].embedding[index]) / 2.0;
        assert!((value - mean).abs() < 1e-6, "{index}: {value} is not {mean}");
    }
    // The classifier is linear.
    for (index, value) in observation.logits.iter().enumerate() {
        let mean = (each[0].logits[index] + each[1].logits[index]) / 2.0;
        assert!((value - mean).abs() < 1e-4, "{index}: {value} is not {mean}");
    }
}

#[test]
fn the_second_crop_shows_the_centre_mirrored() {
    let preprocessing = predictor(Crops::Two).manifest().preprocessing;
    let inputs = preprocessing.crops(&photo()).unwrap();
    let mirrored_photo = Photo::from_pixels(image::imageops::flip_horizontal(photo().pixels()));
    let other = preprocessing.crops(&mirrored_photo).unwrap();
    let differences =
        inputs[1].clone().mirrored().pixels().iter().zip(other[1].pixels()).map(|(a, b)| a.abs_diff(*b)).max();
    assert!(differences.unwrap() <= 1, "{differences:?}");
    assert_ne!(inputs[0], preprocessing.apply(&photo()).unwrap());
}

#[test]
fn the_heat_map_covers_the_crops_and_changes_no_answer() {
    // The second of two crops ends 0.4 of the photo's height, 0.2 of its width, to the right of the centre.
    for (crops, left, width) in [(Crops::One, 0.25, 0.5), (Crops::Two, 0.0, 0.7)] {
        let predictor = predictor(crops);
        let mut explained = predictor.explain(&photo()).unwrap();
        let heatmap = explained.heatmap.take().unwrap();
        let ViewArea { width: covered, .. } = heatmap.view;
        assert!((covered - width).abs() < 1e-6, "{covered}");
        assert_eq!(heatmap.view, ViewArea { left, top: 0.0, width: covered, height: 1.0 });
        assert_eq!(explained, predictor.predict(&photo()).unwrap());
    }
}

#[test]
fn a_gallery_is_valid_for_any_number_of_crops() {
    let [one, two] = [Crops::One, Crops::Two].map(predictor);
    assert_eq!(one.embedding_id(), two.embedding_id());
    assert_eq!(one.embed(&photo()).unwrap(), two.embed(&photo()).unwrap());
}

#[test]
fn a_photo_is_decoded_with_enough_pixels_for_the_closest_crop() {
    let jpeg = {
        let picture = RgbImage::from_fn(640, 640, |x, y| Rgb([(x / 3) as u8, (y / 3) as u8, 80]));
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
        bytes.into_inner()
    };
    // 640 pixels at 1/8 are 80: enough for 2 * 32 pixels of the whole side, and of 0.8 of it.
    let preprocessing = predictor(Crops::Two).manifest().preprocessing;
    let limits = PhotoLimits::default();
    let small = Photo::decode_within(&jpeg, limits.with_detail(preprocessing.detail())).unwrap();
    let full = Photo::decode_within(&jpeg, limits).unwrap();
    for (a, b) in preprocessing.crops(&small).unwrap().iter().zip(preprocessing.crops(&full).unwrap()) {
        let worst = a.pixels().iter().zip(b.pixels()).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
        assert!(worst <= 8, "{worst}");
    }
}

#[test]
fn the_manifest_names_the_crops_and_refuses_others() {
    let parsed = |text: &str| {
        let bundle = bundle();
        let json = bundle.manifest().to_json().replace("\"mean\": 127.0", &format!("{text}\"mean\": 127.0"));
        ModelBundle::new(&json, bundle.weights().to_vec())
    };
    let crops = |text| parsed(text).map(|bundle| bundle.manifest().preprocessing.crops);
    assert_eq!(crops("").unwrap(), Crops::One);
    assert_eq!(crops("\"crops\": \"two\", ").unwrap(), Crops::Two);
    let Err(BundleError::Field { field, .. }) = crops("\"crops\": \"many\", ") else { panic!("accepted") };
    assert_eq!(field, "preprocessing.crops");
}
