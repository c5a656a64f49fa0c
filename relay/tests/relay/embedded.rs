//! The built-in model on photos of leaves.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::common::{Relay, form};
use mango_inference::{Catalog, Prediction};
use mango_relay::model::{Model, ModelArgs};
use mango_relay_harness::Home;

/// The photo sets: `MANGO_DATA`, or `shared/data` beside the workspace.
fn data() -> PathBuf {
    env::var_os("MANGO_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from)
}

/// The middle photo of each class in the test split, by class.
fn one_photo_a_class(list: &Path) -> BTreeMap<String, String> {
    let mut photos: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut rows = csv::ReaderBuilder::new().delimiter(b'\t').from_path(list).unwrap();
    for row in rows.deserialize() {
        let row: BTreeMap<String, String> = row.unwrap();
        if row["split"] == "test" {
            photos.entry(row["class"].clone()).or_default().push(row["path"].clone());
        }
    }
    photos.into_iter().map(|(class, paths)| (class, paths[paths.len() / 2].clone())).collect()
}

#[tokio::test]
async fn the_embedded_model_classifies_leaves() {
    let data = data();
    let list = data.join("mangoleafbd.tsv");
    if !list.exists() {
        eprintln!("SKIPPED: no photos in {}; set MANGO_DATA to the folder of mangoleafbd.tsv", data.display());
        return;
    }
    let relay = Relay::start_in(Home::new().unwrap(), &[]);
    let client = relay.client();
    let photos = one_photo_a_class(&list);
    assert_eq!(photos.len(), 8);
    let mut wrong = Vec::new();
    for (class, path) in photos {
        let photo = fs::read(data.join(&path)).unwrap();
        let answer = client.post(relay.url("/upload_image")).multipart(form(photo)).send().await.unwrap();
        let prediction: Prediction = answer.json().await.unwrap();
        if prediction.classes[0].id.as_str() != class {
            wrong.push((path, prediction));
        }
    }
    assert!(wrong.len() <= 1, "{wrong:#?}");
}

#[test]
fn the_embedded_few_photo_classes_have_names() {
    let catalog = Catalog::builtin().unwrap();
    let model = Model::load(&ModelArgs::default()).unwrap();
    let predictor = model.with(&[]).unwrap();
    assert!(predictor.classes().len() > model.bare().classes().len());
    for class in predictor.classes() {
        assert!(catalog.entry(class).is_some(), "{class}");
    }
    let without = Model::load(&ModelArgs { no_pests: true, ..ModelArgs::default() }).unwrap();
    assert_eq!(without.with(&[]).unwrap().classes(), model.bare().classes());
}
