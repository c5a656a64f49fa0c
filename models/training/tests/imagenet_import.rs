//! The imported network is EfficientNet-Lite0: it gives the published logits and classifies real objects.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::path::PathBuf;

use burn::tensor::{Device, Tensor, TensorData};
use mango_training::imagenet;

fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The photo sets' folder; prints a message if there is none.
fn data() -> Option<PathBuf> {
    let data = std::env::var_os("MANGO_DATA").map_or_else(|| workspace().join("../shared/data"), PathBuf::from);
    if data.is_dir() {
        return Some(data);
    }
    eprintln!("NOT TESTED: no photo sets in {}; name their folder by MANGO_DATA", data.display());
    None
}

/// One test, because both parts need the weights that the first part fetches.
#[test]
fn the_import_gives_the_published_logits() {
    let cache = workspace().join("target/training");
    let classifier = imagenet::classifier(&cache, &Device::flex()).unwrap();
    let Some(data) = data() else { return };

    let golden: serde_json::Value =
        serde_json::from_slice(&std::fs::read(data.join("lite0_golden.json")).unwrap()).unwrap();
    let golden: Vec<f32> =
        golden["logits"].as_array().unwrap().iter().map(|logit| logit.as_f64().unwrap() as f32).collect();
    let input: Vec<f32> = (0..3 * 224 * 224u64).map(|i| ((i * 7919 % 256) as f32 - 127.0) / 128.0).collect();
    let input = Tensor::from_data(TensorData::new(input, [1, 3, 224, 224]), &Device::flex());
    let logits: Vec<f32> = classifier.forward(input).unwrap().into_data().iter::<f32>().collect();
    assert_eq!(golden.len(), logits.len());
    let worst = golden.iter().zip(&logits).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(worst <= 1e-3, "largest difference from the published logits: {worst}");

    let result = imagenet::evaluate(&cache, &data).unwrap();
    eprintln!("{result}");
    assert!((result.top1 - 0.888).abs() <= 0.02 && (result.top5 - 0.976).abs() <= 0.02, "{result}");
}
