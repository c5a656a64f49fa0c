//! Compares an answer of this build with the answer of another build.

use mango_inference::{NetworkInput, Photo, PhotoLimits, Predictor};

/// Largest difference of logits.
pub(crate) const LOGITS: f32 = 1e-3;

/// Smallest difference of two logits of the other build whose order must be the same.
pub(crate) const ORDER: f32 = 2e-3;

/// The largest difference of a photo's pixels, of 255, and of its logits. Panics if one is too large, or if the order
/// of classes differs.
pub(crate) fn photo(predictor: &Predictor, name: &str, photo: &[u8], pixels: &[u8], logits: &[f32]) -> (u8, f32) {
    let preprocessing = predictor.manifest().preprocessing;
    let limits = PhotoLimits::default().with_detail(preprocessing.detail());
    let photo = Photo::decode_within(photo, limits).unwrap();
    let inputs = preprocessing.crops(&photo).unwrap();
    let found: Vec<u8> = inputs.iter().flat_map(NetworkInput::pixels).copied().collect();
    assert_eq!(found.len(), pixels.len(), "{name}");
    let pixel = found.iter().zip(pixels).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
    assert!(pixel <= 1, "{name}: a pixel differs by {pixel} of 255 from the other build's");
    let found = predictor.observe_photo(&photo).unwrap().logits;
    let logit = farthest(&found, logits);
    assert!(logit <= LOGITS, "{name}: {found:?} is not {logits:?}");
    for (i, a) in logits.iter().enumerate() {
        for (j, b) in logits.iter().enumerate().filter(|(_, b)| a - **b > ORDER) {
            assert!(found[i] > found[j], "{name}: {a} and {b} are in the wrong order");
        }
    }
    (pixel, logit)
}

/// The largest difference of two rows of the same length.
pub(crate) fn farthest(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}
