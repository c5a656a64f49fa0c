//! leaf-mini fits a mini-program's package.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::path::Path;

use mango_inference::{ModelBundle, Weights};

#[test]
fn leaf_mini_is_within_its_size_budget() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../leaf-mini");
    let bundle = ModelBundle::load(&folder).unwrap();
    assert!(bundle.weights_len() <= 800_000, "{} bytes of weights", bundle.weights_len());
    let file = &bundle.manifest().weights;
    let weights = Weights::parse(&std::fs::read(folder.join(&file.file)).unwrap(), file.precision).unwrap();
    let domain: usize =
        ["domain.mean", "domain.basis"].map(|name| weights.get(name).unwrap().num_elements()).iter().sum();
    assert!(2 * domain <= 40_000, "{domain} values of two bytes");
}
