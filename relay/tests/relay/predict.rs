//! `mango-relay predict`, the real program.

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
fn each_photo_gets_a_line_of_json_whatever_the_others_are() {
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
fn photos_that_are_all_well_end_well() {
    let (model, photos) = (TestModel::new(), Photos::new());
    let (code, stdout, stderr) = photos.predict(&model, &["a.jpg", "叶 b.jpg"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("a.jpg") && stdout.contains("叶 b.jpg") && stdout.contains('█'), "{stdout}");
    assert!(stdout.contains("炭疽病") && stdout.contains("Anthracnose"), "{stdout}");
}

#[test]
fn people_are_told_what_is_wrong_with_which_photo() {
    let (model, photos) = (TestModel::new(), Photos::new());
    let (code, stdout, _) = photos.predict(&model, &["broken.jpg", "a.jpg"]);
    assert_eq!(code, 1);
    assert!(stdout.contains("broken.jpg\n  error: the photo is cut off"), "{stdout}");
    assert!(stdout.contains('█'), "{stdout}");
}

#[test]
fn a_model_that_is_not_there_is_named() {
    let photos = Photos::new();
    let output =
        program().args(["predict", "--model", "nowhere", "a.jpg"]).current_dir(photos.folder.path()).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr.contains("nowhere") && stderr.contains("manifest.json"), "{stderr}");
}
