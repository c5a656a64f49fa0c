use std::path::Path;

use image::{Rgb, RgbImage};
use mango_inference::network::{EfficientNetLite, Stage};
use mango_inference::{ClassId, Part};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::*;
use crate::photos::dataset::{Dataset, Sample, Split};
use crate::photos::sources::Source;

fn architecture() -> Architecture {
    let stage = |expand, channels| Stage { expand, channels, repeat: 1, stride: 1, kernel: 3 };
    Architecture { stem: 4, stages: vec![stage(1, 4), stage(2, 6)], head: Some(8), embedding_stage: 2 }
}

fn trunk() -> Weights {
    let mut rng = StdRng::seed_from_u64(5);
    Weights::of(&EfficientNetLite::new(&architecture(), &Device::flex())).map(|data| {
        let values: Vec<f32> = (0..data.num_elements()).map(|_| rng.random_range(-0.5..0.5)).collect();
        burn::tensor::TensorData::new(values, data.shape().to_vec())
    })
}

/// Green leaves that are healthy and brown ones that are not, as PNG.
fn photos(root: &Path) -> Collection {
    let mut samples = Vec::new();
    for index in 0..8u8 {
        let (label, colour) = if index % 2 == 0 { ("healthy", [30, 160, 40]) } else { ("die_back", [120, 80, 40]) };
        let path = format!("{index}.png");
        RgbImage::from_fn(48, 40, |x, _| Rgb([colour[0], colour[1], (x as u8).wrapping_mul(index)]))
            .save(root.join(&path))
            .unwrap();
        let class = ClassId::try_from(label.to_owned()).unwrap();
        samples.push(Sample { group: path.clone(), path, class, session: None, split: Split::Train });
    }
    let sources = vec![Source::Own; samples.len()];
    Collection { photos: Dataset { root: root.to_owned(), samples }, sources }
}

fn how(steps: u64) -> FineTuning {
    FineTuning {
        frozen_stages: 1,
        size: 32,
        steps,
        batch: 6,
        learning_rate: 0.02,
        weight_decay: 0.01,
        label_smoothing: 0.05,
        averaging: 0.5,
        share: 1.0,
        grounds: 0.2,
    }
}

fn run(photos: &Collection, how: &FineTuning, folder: &Path) -> Weights {
    let class = |id: &str| (ClassId::try_from(id.to_owned()).unwrap(), Part::Leaf);
    let outputs = Outputs::new(vec![class("die_back"), class("healthy")], vec![]);
    let weights = vec![1.0; photos.len()];
    let material = Material {
        photos,
        weights: &weights,
        outputs: &outputs,
        augmentation: Augmentation { least_crop: 0.8, strength: 0.2 },
        view: View::Squash,
    };
    train(&architecture(), &trunk(), &material, how, 3, folder).unwrap()
}

fn values(weights: &Weights, name: &str) -> Vec<f32> {
    weights.get(name).unwrap().iter().collect()
}

#[test]
fn an_interrupted_run_gives_the_result_of_an_uninterrupted_one() {
    let folder = tempfile::tempdir().unwrap();
    let photos = photos(folder.path());
    let whole = run(&photos, &how(6), &folder.path().join("whole"));
    // The checkpoint of four steps stands in for a run that was killed after them.
    let broken = folder.path().join("broken");
    let first = Material {
        photos: &photos,
        weights: &vec![1.0; photos.len()],
        outputs: &Outputs::new(
            ["die_back", "healthy"].map(|id| (id.to_owned().try_into().unwrap(), Part::Leaf)).to_vec(),
            vec![],
        ),
        augmentation: Augmentation { least_crop: 0.8, strength: 0.2 },
        view: View::Squash,
    };
    train_until(&architecture(), &trunk(), &first, &how(6), 3, &broken, 4).unwrap();
    let resumed = run(&photos, &how(6), &broken);
    for name in ["blocks.1.expand.weight", "blocks.1.depthwise.weight", "head.weight"] {
        assert_eq!(values(&resumed, name), values(&whole, name), "{name}");
    }
}

#[test]
fn frozen_stages_stay_and_trained_ones_change() {
    let folder = tempfile::tempdir().unwrap();
    let photos = photos(folder.path());
    let trained = run(&photos, &how(3), &folder.path().join("run"));
    let before = trunk();
    for name in ["stem.weight", "blocks.0.project.weight"] {
        assert_eq!(values(&trained, name), values(&before, name), "{name}");
    }
    for name in ["blocks.1.expand.weight", "blocks.1.project.bias", "head.weight"] {
        assert_ne!(values(&trained, name), values(&before, name), "{name}");
    }
}

#[test]
fn a_field_out_of_range_is_named() {
    let refused = FineTuning { frozen_stages: 0, ..how(1) }.check().unwrap_err().to_string();
    assert!(refused.contains("fine_tuning.frozen_stages"), "{refused}");
}
