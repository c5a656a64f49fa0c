//! Galleries with `predict` and `serve`: real program, real TLS.

use std::fs::{self, File};

use crate::common::{Relay, TestModel, form};
use crate::galleries::fixtures::{Orchard, json};
use mango_inference::{Basis, Gallery, Photo, PhotoKey, Prediction};

#[test]
fn predict_shows_few_photo_classes() {
    let (model, orchard) = (TestModel::new(), Orchard::new());
    orchard.teach(model.path(), &["red", "blue"]);
    orchard.does(model.path(), &["rename", "red", "--label", "红蜘蛛"]);
    orchard.does(model.path(), &["--gallery", "more.gallery", "add", "--class", "healthy", "green/1.png"]);
    let predict = |flags: &[&str]| {
        let fixed = ["predict", "--model", model.path().to_str().unwrap(), "--gallery", "orchard.gallery"];
        let output = orchard.run(&[&fixed[..], &["--gallery", "more.gallery"], flags].concat());
        assert_eq!(output.code, 0, "{}", output.stderr);
        output.stdout
    };
    let table = predict(&["red/1.png"]);
    let ends = |name: &str, end: &str| table.lines().any(|line| line.contains(name) && line.ends_with(end));
    assert!(ends("红蜘蛛", "%  known from 3 photos") && ends("Healthy leaf", "%  1 local photo"), "{table}");
    let line = json(&predict(&["--json", "green/1.png"]));
    let prediction: Prediction = serde_json::from_value(line["prediction"].clone()).unwrap();
    let galleries =
        ["orchard.gallery", "more.gallery"].map(|file| Gallery::parse(&fs::read(orchard.path(file)).unwrap()).unwrap());
    let photo = Photo::decode(&fs::read(orchard.path("green/1.png")).unwrap()).unwrap();
    assert_eq!(prediction, model.predictor().with_galleries(&galleries).unwrap().predict(&photo).unwrap());
    let healthy = prediction.classes.iter().find(|class| class.id.as_str() == "healthy").unwrap();
    assert_eq!((healthy.basis, healthy.photos), (Basis::Trained, 1));
    let new = prediction.classes.iter().filter(|class| class.basis == Basis::FewPhotos);
    assert_eq!(new.count(), 2);
}

/// The relay's prediction for a red object.
async fn ask(relay: &Relay, orchard: &Orchard) -> Prediction {
    let photo = fs::read(orchard.path("red/1.png")).unwrap();
    let upload = relay.client().post(relay.url("/upload_image")).multipart(form(photo));
    upload.send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn galleries_are_reloaded_and_a_damaged_file_is_ignored() {
    let (model, orchard) = (TestModel::new(), Orchard::new());
    orchard.teach(model.path(), &["blue"]);
    let file = orchard.path("orchard.gallery");
    let relay = Relay::start(&model, &["--gallery", file.to_str().unwrap()]);
    assert!(relay.log().contains("orchard.gallery: 3 photos of 1 class"), "{}", relay.log());
    assert_eq!(ask(&relay, &orchard).await.classes.len(), 9);

    orchard.teach(model.path(), &["red"]);
    relay.until_logged("orchard.gallery: 6 photos of 2 classes");
    let taught = ask(&relay, &orchard).await;
    assert_eq!((taught.classes[0].id.as_str(), taught.classes[0].photos), ("red", 3), "{taught:?}");

    let whole = orchard.file();
    fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    relay.until_logged("keeping the previous 6 photos");
    assert_eq!(ask(&relay, &orchard).await, taught);
    fs::remove_file(&file).unwrap();
    relay.until_logged("there is no gallery");
    assert_eq!(ask(&relay, &orchard).await, taught);

    fs::write(&file, &whole).unwrap();
    orchard.does(model.path(), &["remove", "--class", "blue"]);
    relay.until_logged_times(2, "orchard.gallery: 3 photos of 1 class\n");
    assert_eq!(ask(&relay, &orchard).await.classes.len(), 9);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn hostile_files_take_little_memory() {
    let (model, orchard) = (TestModel::new(), Orchard::new());
    orchard.teach(model.path(), &["red"]);
    let file = orchard.path("orchard.gallery");
    let relay = Relay::start(&model, &["--gallery", file.to_str().unwrap()]);
    let taught = ask(&relay, &orchard).await;
    let before = relay.peak_memory();

    let whole = orchard.file();
    fs::write(&file, &whole).unwrap();
    File::options().write(true).open(&file).unwrap().set_len(4 << 30).unwrap();
    relay.until_logged("larger than any gallery");
    // A list of 2^62 classes, with a valid checksum.
    let mark = whole.split_inclusive(|byte| *byte == b'\n').next().unwrap();
    let mut forged = [mark, &[0; 32], &[0xff; 8], &[0x3f]].concat();
    let digest = PhotoKey::of(&forged).to_string();
    forged.extend((0..64).step_by(2).map(|at| u8::from_str_radix(&digest[at..at + 2], 16).unwrap()));
    fs::write(&file, forged).unwrap();
    relay.until_logged("cut short or damaged");
    assert_eq!(ask(&relay, &orchard).await, taught);
    let grown = relay.peak_memory() - before;
    assert!(grown < 64 << 20, "{} MiB more than before", grown >> 20);
    let error = orchard.refuses(model.path(), &["list"]);
    assert!(error.contains("orchard.gallery") && error.contains("damaged"), "{error}");
}
