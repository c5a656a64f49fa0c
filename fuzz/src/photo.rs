//! Files that call themselves photos.

use mango_inference::{Photo, PhotoLimits, Preprocessing, View};

use crate::sound;

/// Small ones, so that what decoders take beyond them stands out against what libFuzzer allows.
const LIMITS: PhotoLimits = PhotoLimits { max_pixels: 250_000, max_alloc: 4 << 20 };

/// Pixels of each side of the network's input.
const SIDE: u32 = 32;

/// Decodes bytes, and makes of them what a network takes.
pub fn photo(bytes: &[u8]) -> bool {
    let photo = match Photo::decode_within(bytes, LIMITS) {
        Ok(photo) => photo,
        Err(error) => return sound::refused(&error),
    };
    let (width, height) = (photo.width(), photo.height());
    assert!(width > 0 && height > 0 && u64::from(width) * u64::from(height) <= LIMITS.max_pixels);
    let seen = |view| Preprocessing::efficientnet_lite(SIDE, view);
    let mut inputs = seen(View::CentreCrop { fraction: 0.875 }).study(&photo).expect("any photo can be studied");
    inputs.push(seen(View::Squash).apply(&photo).expect("any photo can be resized"));
    assert!(inputs.iter().all(|input| input.pixels().len() == (SIDE * SIDE * 3) as usize));
    assert_eq!(photo.pixels().dimensions(), (width, height));
    true
}
