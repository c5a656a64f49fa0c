//! JPEG files.

use mango_jpeg::{Header, Scale};

use crate::sound;

/// Memory limit of the decoder: small, so that memory beyond its own accounting exceeds libFuzzer's limit.
const MEMORY: u64 = 8 << 20;

/// Decodes bytes at every scale.
pub fn jpeg(bytes: &[u8]) -> bool {
    let header = match Header::read(bytes) {
        Ok(header) => header,
        Err(error) => return sound::refused(&error),
    };
    let mut taken = false;
    for scale in Scale::ALL {
        let picture = match header.decode(scale, MEMORY) {
            Ok(picture) => picture,
            Err(error) => {
                sound::refused(&error);
                continue;
            }
        };
        taken = true;
        assert_eq!((picture.width, picture.height), (scale.of(header.width()), scale.of(header.height())));
        assert_eq!(picture.pixels.len() as u64, 3 * u64::from(picture.width) * u64::from(picture.height));
        assert!((0.0..=0.25).contains(&picture.lost));
        assert!(header.memory(scale) <= MEMORY);
    }
    taken
}
