//! Tests of `mango-relay gallery` with the real program.

use std::fs;
use std::path::Path;

use crate::common::{TestModel, encode, jpeg};
use crate::galleries::fixtures::{Orchard, json, thing};
use image::{ImageFormat, Rgb, RgbImage};
use mango_inference::{Gallery, PhotoKey};
use serde_json::Value;

#[test]
fn adding_and_removing_photos_restores_the_file() {
    let (model, orchard) = (TestModel::new(), Orchard::new());
    let model = model.path();
    let output = orchard.does(model, &["add", "--class", "red", "--label", "红蜘蛛", "red/1.png", "red/2.png"]);
    assert!(output.contains("2 photos added to 红蜘蛛, 2 photos in all") && output.contains("right after"), "{output}");
    let before = orchard.file();

    orchard.teach(model, &["blue"]);
    let output =
        orchard.does(model, &["add", "--class", "orthaga_euadrusalis", "green/1.png", "green/2.png", "green/1.png"]);
    assert!(output.contains("skipped green/1.png: the same photo as green/1.png"), "{output}");
    assert!(output.contains("right before"), "{output}");
    let listed = orchard.does(model, &["list"]);
    assert!(listed.starts_with("orchard.gallery: 7 photos of 3 classes, "), "{listed}");
    assert!(listed.contains("红蜘蛛") && listed.contains(&format!("{} bytes", orchard.file().len())), "{listed}");
    let listed = json(&orchard.does(model, &["list", "--json"]));
    assert_eq!(listed["photos"], 7);
    assert_eq!(listed["classes"][1]["guild"], "webbers");
    assert_eq!(listed["classes"][2]["label"], "红蜘蛛");

    let key = listed["classes"][1]["keys"][0].as_str().unwrap();
    orchard.does(model, &["remove", "--key", &key[..8].to_uppercase()]);
    let other = if PhotoKey::of(&fs::read(orchard.path("green/1.png")).unwrap()).to_string() == key { 2 } else { 1 };
    orchard.does(model, &["remove", &format!("green/{other}.png")]);
    orchard.does(model, &["remove", "--class", "blue"]);
    assert_eq!(orchard.file(), before);

    let again = orchard.does(model, &["add", "--class", "red", "red/1.png"]);
    assert!(again.contains("skipped red/1.png: the gallery has it already") && again.contains("nothing to add"));
    assert_eq!(orchard.file(), before);
}

#[test]
fn all_photos_are_checked_before_anything_is_written() {
    let (model, orchard) = (TestModel::new(), Orchard::new());
    let model = model.path();
    fs::write(orchard.path("broken.jpg"), &jpeg(1)[..100]).unwrap();
    let add = ["add", "--class", "red", "red/1.png", "broken.jpg", "missing.jpg"];
    let error = orchard.refuses(model, &add);
    assert!(error.contains("2 of 3 photos") && error.contains("broken.jpg: the photo is cut off"), "{error}");
    assert!(error.contains("missing.jpg: there is no such file"), "{error}");
    assert!(!orchard.path("orchard.gallery").exists());

    orchard.teach(model, &["red"]);
    let before = orchard.file();
    for (arguments, expected) in [
        (&add[..], "broken.jpg"),
        (&["add", "--class", "blue", "red/1.png"], "red/1.png: red"),
        (&["add", "--class", "blue", "--label", "a\tb", "blue/1.png"], "label"),
        (&["remove", "red/1.png", "blue/1.png"], "blue/1.png"),
        (&["remove", "--key", "00000000"], "00000000"),
        (&["remove", "--class", "blue"], "blue"),
        (&["rename", "blue", "green"], "blue"),
        (&["--gallery", "none.gallery", "list"], "none.gallery"),
        (&["--gallery", "red/1.png", "list"], "red/1.png"),
        (&["--gallery", "red", "list"], "red"),
    ] {
        let error = orchard.refuses(model, arguments);
        assert!(error.contains(expected), "{arguments:?}: {error}");
        assert_eq!(orchard.file(), before, "{arguments:?}");
    }
    let left: Vec<_> = fs::read_dir(orchard.path(".")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 5, "nothing half written is left: {left:?}");
}

#[test]
fn a_class_without_a_name_has_a_hint() {
    let (model, orchard) = (TestModel::new(), Orchard::new());
    let add = |class: &str, flags: &[&str], photo: &str| {
        orchard.gallery(model.path(), &[&["add", "--no-evaluate", "--class", class], flags, &[photo]].concat()).stderr
    };
    assert!(add("red", &[], "red/1.png").contains("hint: the catalog has no class red"));
    assert_eq!(add("blue", &["--label", "蓟马"], "blue/1.png"), "");
    assert_eq!(add("blue", &[], "blue/2.png"), "");
    assert_eq!(add("anthracnose", &[], "green/1.png"), "");
}

#[test]
fn suspicious_photos_are_added_with_a_warning() {
    let orchard = Orchard::new();
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/leaf-mini");
    // A chessboard is not a leaf.
    let board = RgbImage::from_fn(256, 256, |x, y| Rgb(if (x / 32 + y / 32) % 2 == 0 { [0; 3] } else { [255; 3] }));
    fs::write(orchard.path("board.png"), encode(&board, ImageFormat::Png)).unwrap();
    let add = ["add", "--no-evaluate", "--class", "sooty_mold", "--label", "x", "board.png"];
    let output = orchard.gallery(&model, &add);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(output.stdout.contains("1 photo added to x, 1 photo in all"), "{}", output.stdout);
    assert!(output.stderr.contains("board.png does not look like a mango leaf"), "{}", output.stderr);
    assert!(output.stderr.contains("did you mean sooty_mould?"), "{}", output.stderr);
    // It is now a class of the gallery, so it is not taken for a misspelling.
    let output = orchard.gallery(&model, &["add", "--no-evaluate", "--class", "sooty_mold", "red/1.png"]);
    assert!(output.code == 0 && !output.stderr.contains("did you mean"), "{}", output.stderr);
    fs::write(orchard.path("broken.jpg"), b"").unwrap();
    let error = orchard.refuses(&model, &["add", "--class", "red", "broken.jpg"]);
    assert!(error.contains("1 of 1 photo cannot be used"), "{error}");
}

#[test]
fn a_class_is_renamed_and_relabelled() {
    let (model, orchard) = (TestModel::new(), Orchard::new());
    let model = model.path();
    orchard.teach(model, &["red"]);
    let before = orchard.file();
    let output = orchard.does(model, &["rename", "red", "spider_mite", "--label", "红蜘蛛"]);
    assert!(output.contains("red is now spider_mite, called 红蜘蛛"), "{output}");
    let gallery = Gallery::parse(&orchard.file()).unwrap();
    let (id, class) = gallery.classes().next().unwrap();
    assert_eq!((id.as_str(), class.label(), class.len()), ("spider_mite", Some("红蜘蛛"), 3));
    orchard.does(model, &["rename", "spider_mite", "red", "--label", ""]);
    assert_eq!(orchard.file(), before);
}

#[test]
fn a_photo_in_the_wrong_class_is_reported() {
    let orchard = Orchard::new();
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/leaf-mini");
    orchard.teach(&model, &["red", "blue"]);
    let planted = thing([230, 60, 50], 9);
    fs::write(orchard.path("planted.png"), &planted).unwrap();
    let output = orchard.does(&model, &["add", "--class", "blue", "planted.png"]);
    let blue = output.lines().find(|line| line.starts_with("blue")).unwrap();
    let cells: Vec<&str> = blue.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
    assert_eq!(cells, ["blue", "blue", "4", "100.0 %", "75.0 %"], "{output}");

    let key = PhotoKey::of(&planted).to_string();
    let report = json(&orchard.does(&model, &["evaluate", "--json"]));
    let again = report["look_again"].as_array().unwrap();
    assert_eq!(
        (&report["photos"], &report["held"], &report["right"]),
        (&7.into(), &7.into(), &(7 - again.len()).into())
    );
    // It also causes errors of similar photos, but has the highest probability.
    assert_eq!((&again[0]["key"], &again[0]["called"]), (&key.as_str().into(), &"red".into()), "{report}");
    let text = orchard.does(&model, &["evaluate"]);
    assert!(
        text.contains("Look at these again") && text.contains(&format!("{}  blue  called red", &key[..12])),
        "{text}"
    );
    assert!(text.contains("Photos of one leaf"), "{text}");
    orchard.does(&model, &["remove", "--key", &key[..12]]);
    let report = json(&orchard.does(&model, &["evaluate", "--json"]));
    assert_eq!((&report["right"], &report["look_again"]), (&6.into(), &Value::Array(vec![])));
}
