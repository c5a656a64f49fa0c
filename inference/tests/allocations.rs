//! A prediction works in the memory of the one before.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use allocation_counter::measure;
use image::{Rgb, RgbImage};
use mango_inference::{Backend, ModelBundle, Photo, Predictor};

/// Bytes that a prediction may ask for in all its steps from the resized photo on: its results, and what burn keeps
/// about each of its hundred tensors. The network's smallest map alone is larger, and its largest thirty times so.
const NETWORK: u64 = 60_000;

/// The same for a whole prediction: the resized photo, the filter that resizes, the classes with their names.
const WHOLE: u64 = 400_000;

#[test]
fn after_the_first_no_prediction_asks_for_memory_for_maps() {
    let bundle = ModelBundle::load(concat!(env!("CARGO_MANIFEST_DIR"), "/../models/leaf-lite0").as_ref()).unwrap();
    let predictor = Predictor::new(&bundle, Backend::Flex).unwrap();
    let photo = Photo::from_pixels(RgbImage::from_fn(300, 200, |x, y| Rgb([x as u8, y as u8, 90])));
    let input = [predictor.manifest().preprocessing.apply(&photo).unwrap()];
    let network = || measure(|| drop(predictor.observe(&input).unwrap())).bytes_total;
    let whole = || measure(|| drop(predictor.explain(&photo).unwrap())).bytes_total;

    let first = network();
    assert!(first > 1_000_000, "{first}: it has to ask for maps once");
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
