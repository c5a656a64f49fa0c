//! Tests of `mango-relay predict` with the real program.

use std::fs;
use std::process::Output;

use crate::common::{TestModel, jpeg, program};
use mango_inference::{Photo, Prediction};
use serde_json::Value;

struct Photos {
    folder: tempfile::TempDir,
}

impl Photos {
    fn new() -> Self {
        let photos = Self { folder: tempfile::tempdir().unwrap() };
        fs::write(photos.folder.path().join("a.jpg"), jpeg(1)).unwrap();
        fs::write(photos.folder.path().join("叶 b.jpg"), jpeg(2)).unwrap();
        fs::write(photos.folder.path().join("broken.jpg"), &jpeg(3)[..100]).unwrap();
        photos
    }

    /// Exit code, standard output and standard error of `predict` in the photos' folder.
    fn predict(&self, model: &TestModel, arguments: &[&str]) -> (i32, String, String) {
        let mut command = program();
        command.arg("predict").arg("--model").arg(model.path()).args(arguments).current_dir(self.folder.path());
        let Output { status, stdout, stderr } = command.output().unwrap();
        (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
    }
}

#[test]
fn each_photo_gets_its_own_line_of_json() {
    let (model, photos) = (TestModel::new(), Photos::new());
    let given = ["a.jpg", "missing.jpg", "./叶 b.jpg", "broken.jpg"];
    let (code, stdout, stderr) = photos.predict(&model, &[&["--json"], &given[..]].concat());
    assert_eq!(code, 1, "{stderr}");
    let lines: Vec<Value> = stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 4, "{stdout}");
    for (line, path) in lines.iter().zip(given) {
        assert_eq!(line["photo"], path);
        assert_eq!(line.as_object().unwrap().len(), 2, "{line}");
    }
    assert_eq!(lines[1]["error"]["type"], "urn:mango-scout:problem:photo-unreadable");
    assert_eq!(lines[3]["error"]["type"], "urn:mango-scout:problem:photo-cut-off");
    let predictor = model.predictor();
    for (line, number) in [(&lines[0], 1), (&lines[2], 2)] {
        let prediction: Prediction = serde_json::from_value(line["prediction"].clone()).unwrap();
        assert_eq!(prediction, predictor.predict(&Photo::decode(&jpeg(number)).unwrap()).unwrap());
    }
}

#[test]
fn valid_photos_give_exit_code_0() {
    let (model, photos) = (TestModel::new(), Photos::new());
    let (code, stdout, stderr) = photos.predict(&model, &["a.jpg", "叶 b.jpg"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("a.jpg") && stdout.contains("叶 b.jpg") && stdout.contains('█'), "{stdout}");
    assert!(stdout.contains("炭疽病") && stdout.contains("Anthracnose"), "{stdout}");
}

#[test]
fn timing_tables_are_printed_on_request() {
    let photos = Photos::new();
    let tables = |wanted: &str| {
        let mut command = program();
        command.args(["predict", "--json", "a.jpg", "a.jpg"]).current_dir(photos.folder.path());
        String::from_utf8(command.env("MANGO_TIMING", wanted).output().unwrap().stderr).unwrap()
    };
    // The built-in model with its gallery. Loading the gallery is not part of a prediction.
    let printed = tables("1");
    let steps: Vec<&str> = printed.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let photos: Vec<&[&str]> = steps.split_inclusive(|step| *step == "all").collect();
    assert_eq!(photos.len(), 2, "{printed}");
    for photo in photos {
        assert_eq!(&photo[..3], ["step", "decode", "resize"], "{printed}");
    }
    assert_eq!(tables("0"), "");
}

#[test]
fn errors_name_the_photo() {
    let (model, photos) = (TestModel::new(), Photos::new());
    let (code, stdout, _) = photos.predict(&model, &["broken.jpg", "a.jpg"]);
    assert_eq!(code, 1);
    assert!(stdout.contains("broken.jpg\n  error: the photo is cut off"), "{stdout}");
    assert!(stdout.contains('█'), "{stdout}");
}

#[test]
fn the_heat_map_is_drawn_over_the_photo() {
    let (model, photos) = (TestModel::new(), Photos::new());
    let (code, stdout, stderr) = photos.predict(&model, &["--json", "--heatmap", "where.png", "a.jpg"]);
    assert_eq!(code, 0, "{stderr}");
    let line: Value = serde_json::from_str(&stdout).unwrap();
    let prediction: Prediction = serde_json::from_value(line["prediction"].clone()).unwrap();
    let photo = Photo::decode(&jpeg(1)).unwrap();
    assert_eq!(prediction, model.predictor().explain(&photo).unwrap());

    let picture = image::open(photos.folder.path().join("where.png")).unwrap().into_rgb8();
    assert_eq!(picture.dimensions(), photo.pixels().dimensions());
    let heatmap = prediction.heatmap.unwrap();
    let hottest = heatmap.values.iter().position(|value| *value == 1.0).unwrap();
    // The test model uses the whole photo.
    let centre = |place: usize, places: usize, pixels: u32| ((2 * place + 1) * pixels as usize / (2 * places)) as u32;
    let x = centre(hottest % heatmap.width, heatmap.width, photo.width());
    let y = centre(hottest / heatmap.width, heatmap.height, photo.height());
    let (drawn, taken) = (picture.get_pixel(x, y).0, photo.pixels().get_pixel(x, y).0);
    let difference: u32 = drawn.iter().zip(taken).map(|(a, b)| u32::from(a.abs_diff(b))).sum();
    assert!(difference > 60, "{drawn:?} over {taken:?} at {x}, {y}");
}

#[test]
fn the_heat_map_does_not_overwrite_a_photo_and_takes_exactly_one() {
    let (model, photos) = (TestModel::new(), Photos::new());
    let path = |name: &str| photos.folder.path().join(name);
    fs::copy(path("a.jpg"), path("leaf.png")).unwrap();
    fs::hard_link(path("leaf.png"), path("twin.png")).unwrap();
    for arguments in [["--heatmap", "leaf.png", "leaf.png"], ["--heatmap", "./leaf.png", "leaf.png"]] {
        let (code, stdout, stderr) = photos.predict(&model, &arguments);
        assert_eq!((code, stdout.as_str()), (1, ""));
        assert!(stderr.contains("would overwrite the photo"), "{stderr}");
    }
    assert_eq!(photos.predict(&model, &["--heatmap", "twin.png", "leaf.png"]).0, 0);
    assert_eq!(fs::read(path("leaf.png")).unwrap(), jpeg(1));

    let (code, _, stderr) = photos.predict(&model, &["--heatmap", "where.png", "a.jpg", "叶 b.jpg"]);
    assert_eq!(code, 1);
    assert!(stderr.contains("exactly one photo"), "{stderr}");
    let (code, stdout, _) = photos.predict(&model, &["--heatmap", "where.png", "broken.jpg"]);
    assert_eq!(code, 1);
    assert!(stdout.contains("the photo is cut off") && !path("where.png").exists(), "{stdout}");
}

#[test]
fn pooled_photos_give_one_prediction_in_any_order() {
    let (model, photos) = (TestModel::new(), Photos::new());
    fs::write(photos.folder.path().join("c.jpg"), jpeg(9)).unwrap();
    let answer = |order: [&str; 3]| {
        let (code, stdout, stderr) = photos.predict(&model, &[&["--pool", "--json"], &order[..]].concat());
        assert_eq!(code, 0, "{stderr}");
        let line: Value = serde_json::from_str(&stdout).unwrap();
        assert_eq!(line["photos"], serde_json::json!(order));
        line["prediction"].to_string()
    };
    let one = answer(["a.jpg", "叶 b.jpg", "c.jpg"]);
    assert_eq!(answer(["c.jpg", "a.jpg", "叶 b.jpg"]), one);
    let decoded = [1, 2, 9].map(|number| Photo::decode(&jpeg(number)).unwrap());
    let prediction: Prediction = serde_json::from_str(&one).unwrap();
    assert_eq!(prediction, model.predictor().predict_many(&decoded).unwrap());

    let (code, stdout, _) = photos.predict(&model, &["--pool", "a.jpg", "叶 b.jpg"]);
    assert_eq!(code, 0);
    assert!(stdout.starts_with("a.jpg\n叶 b.jpg\n") && stdout.matches('%').count() == 5, "{stdout}");
}

#[test]
fn a_pool_with_a_faulty_photo_names_it_and_gives_no_prediction() {
    let (model, photos) = (TestModel::new(), Photos::new());
    let (code, stdout, _) = photos.predict(&model, &["--pool", "a.jpg", "broken.jpg", "missing.jpg"]);
    assert_eq!(code, 1);
    assert!(stdout.contains("broken.jpg\n  error: the photo is cut off"), "{stdout}");
    assert!(stdout.contains("missing.jpg\n  error: there is no such file"), "{stdout}");
    assert!(stdout.contains("2 of 3 photos") && !stdout.contains('%'), "{stdout}");

    let (code, stdout, _) = photos.predict(&model, &["--pool", "--json", "a.jpg", "broken.jpg"]);
    assert_eq!(code, 1);
    let line: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(line["photos"], serde_json::json!(["a.jpg", "broken.jpg"]));
    assert_eq!(line["errors"].as_array().unwrap().len(), 1);
    assert_eq!(line["errors"][0]["photo"], "broken.jpg");
    assert_eq!(line["errors"][0]["error"]["type"], "urn:mango-scout:problem:photo-cut-off");
    assert!(line.get("prediction").is_none());

    let (code, stdout, stderr) = photos.predict(&model, &[&["--pool"], &["a.jpg"; 7][..]].concat());
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(stderr.contains("1 to 6 photos"), "{stderr}");
}

#[test]
fn a_missing_model_is_reported() {
    let photos = Photos::new();
    let output =
        program().args(["predict", "--model", "nowhere", "a.jpg"]).current_dir(photos.folder.path()).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr.contains("nowhere") && stderr.contains("manifest.json"), "{stderr}");
}
