//! Gallery files, without the digest at the end.

use mango_inference::{Gallery, PhotoKey};
use sha2::{Digest, Sha256};

use crate::{sound, tiny};

/// Parses a gallery as it is, and again with the correct digest, which an attacker can compute too. A gallery that
/// parses must work with a model.
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

/// The model classifies a photo with the gallery, and a photo of the gallery with the others.
fn teach(gallery: &Gallery) -> bool {
    let predictor = match tiny::predictor().clone().with_galleries(std::slice::from_ref(gallery)) {
        Ok(predictor) => predictor,
        Err(error) => return sound::refused(&error),
    };
    sound::prediction(&predictor.explain(&tiny::photo()).expect("a model with a gallery classifies"));
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
