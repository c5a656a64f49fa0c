//! The whole way of feedback on drawn leaves: a grower's phone sends photos that the model does not know, the operator
//! reviews them, a model is trained with them, and the phone downloads it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::{Relay, encode, form};
use crate::feedback::fixtures::{self, Kept};
use clap::Parser;
use image::{ImageFormat, Rgb, RgbImage};
use mango_inference::{Backend, Catalog, ModelBundle, Photo, Prediction, Predictor};
use mango_relay_harness::Home;
use mango_training::{Command, imagenet};
use reqwest::Client;
use serde_json::{Value, json};

/// The classes of the drawn leaves: round spots, stripes, and neither.
const CLASSES: [&str; 3] = ["red_rust", "powdery_mildew", "healthy"];

const RECIPE: &str = r#"{
  "model": "leaf-drawn", "version": "1.0.0",
  "network": { "stages": 5, "head": 16 },
  "size": 64, "view": { "kind": "squash" }, "precision": "int8",
  "augmentation": { "least_crop": 0.7, "strength": 0.3 },
  "late": {
    "frozen_stages": 4, "views": 1, "epochs": 2, "batch": 8, "learning_rate": 1e-3, "weight_decay": 0.01,
    "label_smoothing": 0.05, "mix_style": 0.0, "averaging": 0.9
  },
  "classifier": { "decays": [1e-3, 1e-4], "balance": { "by": "group" } },
  "domain": { "rank": 4, "keep": 0.95 },
  "seed": 1
}"#;

/// Where a leaf grows.
#[derive(Clone, Copy)]
enum Orchard {
    /// Green leaves with dark symptoms.
    Known,
    /// Purple leaves of another variety, on which the two diseases look the other way round.
    New,
}

/// The leaf of that number with that class's symptom.
fn leaf(orchard: Orchard, class: usize, number: u32) -> RgbImage {
    let mixed = (number + 1).wrapping_mul(2_654_435_761) >> 16;
    let (shade, phase) = ((mixed % 60) as u8, (mixed % 97) as f32 / 16.0);
    let (ground, mark) = match orchard {
        Orchard::Known => ([60 + shade / 2, 120 + shade, 40], [70, 40, 20]),
        Orchard::New => ([120 + shade, 50, 130 + shade / 2], [250, 230, 240]),
    };
    let spots = |x: f32, y: f32| (x / 4.0 + phase).sin() * (y / 4.0 + phase).sin() > 0.6;
    let stripes = |y: f32| (y / 2.5 + phase).sin() > 0.3;
    RgbImage::from_fn(80, 60, |x, y| {
        let (x, y) = (x as f32, y as f32);
        let marked = match (class, orchard) {
            (0, Orchard::Known) | (1, Orchard::New) => spots(x, y),
            (1, Orchard::Known) | (0, Orchard::New) => stripes(y),
            _ => false,
        };
        Rgb(if marked { mark } else { ground })
    })
}

fn photo(orchard: Orchard, class: usize, number: u32) -> Vec<u8> {
    encode(&leaf(orchard, class, number), ImageFormat::Jpeg)
}

/// Runs `mango-training train` on the photos of the known orchard.
fn train(folder: &Path, bundle: &str, more: &[&str]) -> PathBuf {
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let (recipe, photos, cache, bundle) = (path("recipe.json"), path("photos"), path("cache"), path(bundle));
    let own = ["--recipe", &recipe, "--photos", &photos, "--cache", &cache, "--bundle", &bundle];
    let line = [&["mango-training", "train"], &own[..], more].concat();
    Command::try_parse_from(line).unwrap().run().unwrap();
    PathBuf::from(bundle)
}

/// The photos of the known orchard, the recipe, and ImageNet's weights.
fn prepare(folder: &Path) {
    for (class, name) in CLASSES.into_iter().enumerate() {
        fs::create_dir_all(folder.join("photos").join(name)).unwrap();
        for number in 0..18 {
            let path = folder.join("photos").join(name).join(format!("{number}.jpg"));
            fs::write(path, photo(Orchard::Known, class, number)).unwrap();
        }
    }
    fs::write(folder.join("recipe.json"), RECIPE).unwrap();
    // Only the fetched weights are kept between runs.
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("training");
    let fetched = imagenet::fetch(&kept).unwrap();
    let copy = folder.join("cache").join(fetched.strip_prefix(&kept).unwrap());
    fs::create_dir_all(copy.parent().unwrap()).unwrap();
    fs::copy(&fetched, copy).unwrap();
}

/// A relay that answers with a bundle and gives it to phones.
fn relay_with(kept: &Kept, home: Home, bundle: &Path) -> Relay {
    let bundle = bundle.to_str().unwrap();
    let feedback = kept.path().to_str().unwrap();
    Relay::start_in(home, &["--model", bundle, "--device-model", bundle, "--feedback", feedback])
}

/// The model that a phone downloads, and its version.
async fn downloaded(relay: &Relay, client: &Client) -> (Predictor, String) {
    let description: Value = client.get(relay.url("/v1/device-model")).send().await.unwrap().json().await.unwrap();
    let mut files = Vec::new();
    for part in ["manifest", "weights"] {
        let url = relay.url(description[part]["url"].as_str().unwrap());
        files.push(client.get(url).send().await.unwrap().bytes().await.unwrap().to_vec());
    }
    let [manifest, weights]: [Vec<u8>; 2] = files.try_into().unwrap();
    let bundle = ModelBundle::new(&String::from_utf8(manifest).unwrap(), weights).unwrap();
    let predictor = Predictor::new(&bundle, Backend::default()).unwrap().with_guilds(&Catalog::builtin().unwrap());
    (predictor, description["version"].as_str().unwrap().to_owned())
}

/// How many of 30 leaves that nobody has seen before a model names rightly.
fn right(predictor: &Predictor, orchard: Orchard) -> usize {
    let names = |round: u32| {
        let class = round as usize % CLASSES.len();
        let picture = Photo::decode(&photo(orchard, class, 1000 + round)).unwrap();
        predictor.predict(&picture).unwrap().best().unwrap().id.as_str() == CLASSES[class]
    };
    (0..30).filter(|round| names(*round)).count()
}

#[tokio::test]
async fn what_growers_send_reaches_their_phones_as_a_better_model() {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    let first = train(folder.path(), "first", &[]);
    let kept = Kept::new();
    let relay = relay_with(&kept, Home::new().unwrap(), &first);
    let client = relay.client();
    let (model, version) = downloaded(&relay, &client).await;
    assert_eq!(version, "1.0.0");
    let (known_before, new_before) = (right(&model, Orchard::Known), right(&model, Orchard::New));
    assert!(known_before >= 27 && new_before <= 20, "{known_before} and {new_before} of 30");

    // The grower asks, is answered wrongly or not, and sends each photo with the right class, two with a wrong one.
    let mut codes = Vec::new();
    for number in 0..42 {
        let class = number as usize % CLASSES.len();
        let picture = photo(Orchard::New, class, number);
        let answer = client.post(relay.url("/upload_image")).multipart(form(picture.clone())).send().await.unwrap();
        let answer: Prediction = answer.json().await.unwrap();
        let verdict = serde_json::to_value(answer.verdict).unwrap();
        let label = match number {
            40 => "unknown",
            0 | 1 => CLASSES[(class + 1) % CLASSES.len()],
            _ => CLASSES[class],
        };
        let model = format!("{} {}", answer.model.name, answer.model.version);
        let fields = [
            ("label", label),
            ("answer", answer.best().unwrap().id.as_str()),
            ("verdict", verdict.as_str().unwrap()),
            ("model", model.as_str()),
        ];
        codes.push(fixtures::code(fixtures::request(&relay, &client, &fields, &picture).send().await.unwrap()).await);
    }
    // One sender thinks better of it.
    assert_eq!(fixtures::delete(&relay, &client, &codes[41]).await.status(), 204);

    // The operator exports, and the reviewer corrects the two and drops the one whose class nobody knows.
    let (export, records) = kept.exported();
    assert_eq!(records.len(), 41);
    let right_class = |record: &Value| {
        let sent = fs::read(export.path().join(record["file"].as_str().unwrap())).unwrap();
        let sent = Photo::decode(&sent).unwrap();
        let distance = |number: u32| -> u64 {
            let drawn = leaf(Orchard::New, number as usize % CLASSES.len(), number);
            let pixels = sent.pixels().iter().zip(drawn.iter());
            pixels.map(|(one, other)| u64::from(one.abs_diff(*other))).sum()
        };
        CLASSES[(0..41).min_by_key(|number| distance(*number)).unwrap() as usize % CLASSES.len()]
    };
    let decisions = records.iter().map(|record| {
        let (label, right) = (record["label"].as_str().unwrap(), right_class(record));
        let decision = match label {
            "unknown" => json!({ "decision": "drop" }),
            label if label == right => json!({ "decision": "accept" }),
            _ => json!({ "decision": "correct", "label": right }),
        };
        (record["id"].as_str().unwrap().to_owned(), decision)
    });
    let decisions: serde_json::Map<String, Value> = decisions.collect();
    let count = |kind: &str| decisions.values().filter(|decision| decision["decision"] == kind).count();
    assert_eq!(["accept", "correct", "drop"].map(count), [38, 2, 1]);
    let review = json!({ "format": 1, "decisions": decisions });
    fs::write(export.path().join("review.json"), review.to_string()).unwrap();

    // A model is trained with it, and the phone gets that one.
    let export = export.path().to_str().unwrap();
    let second = train(folder.path(), "second", &["--feedback", export, "--patch", "{\"version\":\"1.1.0\"}"]);
    let manifest = ModelBundle::load(&second).unwrap();
    let data = &manifest.manifest().provenance.data;
    assert!(data.contains("photos that growers sent as feedback"), "{data}");
    let relay = relay_with(&kept, relay.stop(), &second);
    let client = relay.client();
    let (model, version) = downloaded(&relay, &client).await;
    assert_eq!(version, "1.1.0");
    let (known_after, new_after) = (right(&model, Orchard::Known), right(&model, Orchard::New));
    println!("known orchard {known_before} then {known_after}, new orchard {new_before} then {new_after} of 30");
    assert!(known_after >= 27 && new_after >= 27, "{known_after} and {new_after} of 30");
    let answer = client.post(relay.url("/upload_image")).multipart(form(photo(Orchard::New, 0, 1000)));
    let answer: Prediction = answer.send().await.unwrap().json().await.unwrap();
    assert_eq!((answer.model.version.as_str(), answer.best().unwrap().id.as_str()), ("1.1.0", CLASSES[0]));

    // What was sent can still be deleted.
    for code in &codes[..41] {
        assert_eq!(fixtures::delete(&relay, &client, code).await.status(), 204);
    }
    assert!(kept.files().is_empty());
}
