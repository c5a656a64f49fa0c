//! A new crop: training on any folder of photos gives a working bundle.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::fs;
use std::path::Path;
use std::process::Command;

use image::{Rgb, RgbImage};
use mango_inference::{Backend, ModelBundle, Photo, Precision, Predictor, Verdict};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

const RECIPE: &str = r#"{
  "model": "leaf-test", "version": "1.0.0",
  "network": { "stages": 5, "head": 16 },
  "size": 64, "view": { "kind": "squash" }, "precision": "int8",
  "augmentation": { "least_crop": 0.7, "strength": 0.5 },
  "late": {
    "frozen_stages": 4, "views": 1, "epochs": 2, "batch": 8, "learning_rate": 1e-3, "weight_decay": 0.01,
    "label_smoothing": 0.05, "mix_style": 0.2, "averaging": 0.9
  },
  "classifier": { "decays": [1e-3, 1e-4], "balance": { "by": "group" } },
  "domain": { "rank": 4, "keep": 0.95 },
  "seed": 1
}"#;

/// A leaf of class `kind`: round spots, stripes, or neither, on a green that differs between photos.
fn leaf(kind: usize, rng: &mut StdRng) -> RgbImage {
    let (green, phase) = (rng.random_range(120..180u8), rng.random_range(0.0..6.0f32));
    RgbImage::from_fn(80, 60, |x, y| {
        let (x, y) = (x as f32, y as f32);
        let dark = match kind {
            0 => (x / 4.0 + phase).sin() * (y / 4.0 + phase).sin() > 0.6,
            1 => (y / 2.5 + phase).sin() > 0.3,
            _ => false,
        };
        if dark { Rgb([70, 40, 20]) } else { Rgb([green / 2, green, 40]) }
    })
}

fn write_photos(root: &Path) {
    let mut rng = StdRng::seed_from_u64(1);
    for (kind, class) in ["rust", "stripe", "healthy"].into_iter().enumerate() {
        for plant in 0..9 {
            let folder = root.join(class).join(format!("plant{plant}"));
            fs::create_dir_all(&folder).unwrap();
            for photo in 0..2 {
                leaf(kind, &mut rng).save(folder.join(format!("{photo}.png"))).unwrap();
            }
        }
    }
}

#[test]
fn training_on_a_folder_of_photos_gives_a_working_bundle() {
    let folder = tempfile::tempdir().unwrap();
    let (photos, recipe) = (folder.path().join("photos"), folder.path().join("recipe.json"));
    write_photos(&photos);
    fs::write(&recipe, RECIPE).unwrap();
    // Only the fetched weights are kept between runs; everything else is computed.
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("training");
    let fetched = mango_training::imagenet::fetch(&kept).unwrap();
    let cache = folder.path().join("cache");
    let copy = cache.join(fetched.strip_prefix(&kept).unwrap());
    fs::create_dir_all(copy.parent().unwrap()).unwrap();
    fs::copy(&fetched, copy).unwrap();
    let run = |action: &str, more: &[(&str, &Path)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mango-training"));
        command.arg(action).arg("--photos").arg(&photos).arg("--cache").arg(&cache);
        let output = command.args(more.iter().flat_map(|(flag, path)| [flag.as_ref(), path.as_os_str()])).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let saved = folder.path().join("bundle");
    run("train", &[("--recipe", &recipe), ("--bundle", &saved)]);
    let report = run("evaluate", &[("--bundle", &saved)]);
    assert!(report.contains("leaf-test 1.0.0 on test") && report.contains("macro-F1"), "{report}");

    let bundle = ModelBundle::load(&saved).unwrap();
    let classes: Vec<&str> = bundle.manifest().classes.iter().map(mango_inference::ClassId::as_str).collect();
    assert_eq!(classes, ["healthy", "rust", "stripe"]);
    assert_eq!(bundle.manifest().weights.precision, Precision::Int8);
    let predictor = Predictor::new(&bundle, Backend::default()).unwrap();
    let mut rng = StdRng::seed_from_u64(2);
    let mut right = 0;
    for round in 0..30 {
        let photo = Photo::from_pixels(leaf(round % 3, &mut rng));
        let prediction = predictor.predict(&photo).unwrap();
        assert!(prediction.out_of_domain.is_some());
        right += usize::from(prediction.best().unwrap().id.as_str() == ["rust", "stripe", "healthy"][round % 3]);
    }
    assert!(right >= 27, "{right} of 30");
    let noise = RgbImage::from_fn(80, 60, |_, _| Rgb(rng.random()));
    assert_eq!(predictor.predict(&Photo::from_pixels(noise)).unwrap().verdict, Verdict::NotMangoLeaf);
}
