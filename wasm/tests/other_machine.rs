//! Compares answers of another machine (`examples/parity_cases.rs`) with this one: `cargo xtask arm` runs it on 64-bit
//! ARM.

#![cfg(not(target_family = "wasm"))]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test stops at what it did not expect")]

#[path = "../parity/case.rs"]
mod case;
#[path = "../parity/check.rs"]
mod check;

use std::env;
use std::fs;
use std::path::PathBuf;

use case::{Case, NetworkCase};
use mango_inference::{Backend, ModelBundle, Photo, Predictor};

/// The contents of a file of the other machine.
fn written(name: &str) -> Vec<u8> {
    let folder =
        env::var_os("MANGO_PARITY").expect("MANGO_PARITY names the folder that the example parity_cases wrote");
    fs::read(PathBuf::from(folder).join(name)).unwrap()
}

#[test]
#[ignore = "needs the answers of another machine; cargo xtask arm"]
fn every_photo_has_the_other_machines_answer() {
    let bundle = ModelBundle::load(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../models/leaf-mini")).unwrap();
    let predictor = Predictor::new(&bundle, Backend::default()).unwrap();
    let cases: Vec<Case> = postcard::from_bytes(&written("cases.bin")).unwrap();
    assert!(cases.len() >= 20, "only {} photos", cases.len());
    let (mut pixels, mut logits) = (0, 0f32);
    for case in &cases {
        let (pixel, logit) = check::photo(&predictor, &case.name, &case.photo, &case.pixels, &case.logits);
        (pixels, logits) = (pixels.max(pixel), logits.max(logit));
    }
    println!("{} photos: pixels within {pixels}, logits within {logits:e}", cases.len());
}

#[test]
#[ignore = "needs the answers of another machine; cargo xtask arm"]
fn random_architectures_give_the_other_machines_results() {
    let cases: Vec<Case> = postcard::from_bytes(&written("cases.bin")).unwrap();
    let photo = Photo::decode(&cases[0].photo).unwrap();
    let networks: Vec<NetworkCase> = postcard::from_bytes(&written("networks.bin")).unwrap();
    for case in networks {
        let bundle = ModelBundle::new(&case.manifest, case.weights).unwrap();
        let seen = Predictor::new(&bundle, Backend::default()).unwrap().observe_photo(&photo).unwrap();
        for (found, expected) in [(&seen.logits, &case.logits), (&seen.embedding, &case.embedding)] {
            let worst = check::farthest(found, expected);
            assert!(worst <= check::LOGITS, "{}: {worst}", case.manifest);
        }
    }
}
