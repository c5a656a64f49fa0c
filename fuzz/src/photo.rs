//! Photo files.

use mango_inference::{Crops, Photo, PhotoLimits, Preprocessing, View};

use crate::sound;

/// Side of the network's input, pixels.
const SIDE: u32 = 32;

/// Small limits, so that memory beyond them exceeds libFuzzer's limit.
fn limits() -> PhotoLimits {
    PhotoLimits { max_pixels: 250_000, max_alloc: 4 << 20, ..PhotoLimits::default() }
}

/// Decodes bytes, at full size and at the size that a network needs, and computes the network's input.
pub fn photo(bytes: &[u8]) -> bool {
    let photo = match Photo::decode_within(bytes, limits()) {
        Ok(photo) => photo,
        Err(error) => return sound::refused(&error),
    };
    let (width, height) = (photo.width(), photo.height());
    assert!(width > 0 && height > 0 && u64::from(width) * u64::from(height) <= limits().max_pixels);
    assert_eq!(photo.pixels().dimensions(), (width, height));
    let crop = Preprocessing::efficientnet_lite(SIDE, View::CentreCrop { fraction: 0.875 });
    let squash = Preprocessing { view: View::Squash, ..crop };
    let two = Preprocessing { crops: Crops::Two, ..crop };
    for detail in [crop.detail(), crop.embedding_detail(), squash.detail(), two.detail()] {
        // A photo that fits at full size fits at a smaller one.
        let smaller = Photo::decode_within(bytes, limits().with_detail(detail)).expect("a whole photo can be decoded");
        assert_eq!((smaller.width(), smaller.height()), (width, height));
        let mut inputs = crop.embedding_views(&smaller).expect("any photo has embedding views");
        inputs.extend(two.crops(&smaller).expect("any photo can be cropped"));
        inputs.push(squash.apply(&smaller).expect("any photo can be resized"));
        assert!(inputs.iter().all(|input| input.pixels().len() == (SIDE * SIDE * 3) as usize));
    }
    true
}
