//! Galleries: a file without the digest at its end.

use mango_inference::{Gallery, PhotoKey};
use sha2::{Digest, Sha256};

use crate::{sound, tiny};

/// Reads a gallery as it is, and again with the digest that fits: whoever writes a hostile one can do that too. What
/// can be read teaches a model.
pub fn gallery(bytes: &[u8]) -> bool {
    if let Err(error) = Gallery::parse(bytes) {
        sound::refused(&error);
    }
    let sealed = [bytes, Sha256::digest(bytes).as_slice()].concat();
    match Gallery::parse(&sealed) {
        Ok(gallery) => {
            assert_eq!(gallery.encode(), sealed);
            teach(&gallery)
        }
        Err(error) => sound::refused(&error),
    }
}

/// The model answers with what it was taught, and as well when it judges one of the photos by the others.
fn teach(gallery: &Gallery) -> bool {
    let predictor = match tiny::predictor().clone().with_galleries(std::slice::from_ref(gallery)) {
        Ok(predictor) => predictor,
        Err(error) => return sound::refused(&error),
    };
    sound::prediction(&predictor.explain(&tiny::photo()).expect("a taught model answers"));
    let first: Option<PhotoKey> = gallery.photos().next().map(|(_, key, _)| *key);
    let Some(first) = first else { return true };
    match predictor.leave_one_out(std::slice::from_ref(gallery), first) {
        Ok(prediction) => {
            sound::prediction(&prediction);
            true
        }
        Err(error) => sound::refused(&error),
    }
}
