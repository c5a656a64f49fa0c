//! A prediction reuses the memory of the previous one.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use allocation_counter::measure;
use image::{Rgb, RgbImage};
use mango_inference::{Backend, ModelBundle, Photo, Predictor};

/// Bytes that a prediction may allocate from the resized photo on: its results, and burn's metadata of about a hundred
/// tensors. The network's smallest feature map alone is larger, and its largest is thirty times that.
const NETWORK: u64 = 60_000;

/// The same limit for a whole prediction: the resized crops, the resize filter, the classes with their names, and the
/// classifier's weights as the heat map reads them.
const WHOLE: u64 = 800_000;

#[test]
fn only_the_first_prediction_allocates_feature_maps() {
    let bundle = ModelBundle::load(concat!(env!("CARGO_MANIFEST_DIR"), "/../models/leaf-lite0").as_ref()).unwrap();
    let predictor = Predictor::new(&bundle, Backend::Flex).unwrap();
    let photo = Photo::from_pixels(RgbImage::from_fn(300, 200, |x, y| Rgb([x as u8, y as u8, 90])));
    let input = [predictor.manifest().preprocessing.apply(&photo).unwrap()];
    let network = || measure(|| drop(predictor.observe(&input).unwrap())).bytes_total;
    let whole = || measure(|| drop(predictor.explain(&photo).unwrap())).bytes_total;

    let first = network();
    assert!(first > 1_000_000, "{first}: the first prediction must allocate the feature maps");
    for _ in 0..3 {
        let more = network();
        assert!(more < NETWORK, "{more} bytes");
    }
    whole();
    for _ in 0..3 {
        let more = whole();
        assert!(more < WHOLE, "{more} bytes");
    }
}
