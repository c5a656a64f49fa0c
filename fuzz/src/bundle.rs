//! Model bundles: the manifest, a zero byte, the weights.

use std::str;

use mango_inference::{Backend, Manifest, ModelBundle, Predictor, sha256};

use crate::{sound, tiny};

/// Most elements in a feature map of a network to run. Larger networks are only loaded, since running them takes
/// seconds.
const MAX_MAP: u64 = 200_000;

/// Loads a bundle as it is, and again with the correct digest of its weights, which an attacker can compute too. A
/// bundle that loads must classify a photo.
pub fn bundle(bytes: &[u8]) -> bool {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let (manifest, weights) = (&bytes[..end], bytes.get(end + 1..).unwrap_or_default());
    let Ok(manifest) = str::from_utf8(manifest) else { return false };
    if let Err(error) = ModelBundle::new(manifest, weights.to_vec()) {
        sound::refused(&error);
    }
    // If the manifest does not parse, the first attempt covered it.
    let Ok(mut manifest) = Manifest::parse(manifest) else { return false };
    manifest.weights.sha256 = sha256(weights);
    let bundle = ModelBundle::new(&manifest.to_json(), weights.to_vec()).expect("a manifest can be read again");
    match Predictor::new(&bundle, Backend::default()) {
        Ok(predictor) => answer(&predictor),
        Err(error) => sound::refused(&error),
    }
}

fn answer(predictor: &Predictor) -> bool {
    let Manifest { architecture, preprocessing, .. } = predictor.manifest();
    if architecture.largest_map(preprocessing.size.into()) > MAX_MAP {
        return true;
    }
    match predictor.explain(&tiny::photo()) {
        Ok(prediction) => {
            sound::prediction(&prediction);
            true
        }
        // Large weights can give outputs that are not finite.
        Err(error) => sound::refused(&error),
    }
}
