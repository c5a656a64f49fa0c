//! Classes taught from a few photos: `mango-relay gallery`, and what `predict` and `serve` make of it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::thread;
use std::time::{Duration, Instant};

use crate::common::{Relay, TestModel, encode, form, jpeg, program};
use image::{ImageFormat, Rgb, RgbImage};
use mango_inference::{Basis, Gallery, PhotoKey, Prediction};
use serde_json::Value;

/// A folder with photos, in which the program runs.
struct Orchard {
    folder: tempfile::TempDir,
}

/// What the program said.
struct Said {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Orchard {
    /// Three photos each of `red`, `green` and `blue` things, in folders of these names.
    fn new() -> Self {
        let orchard = Self { folder: tempfile::tempdir().unwrap() };
        for (class, colour) in [("red", [200, 40, 40]), ("green", [40, 180, 60]), ("blue", [50, 60, 220])] {
            fs::create_dir(orchard.path(class)).unwrap();
            for number in 1..=3 {
                fs::write(orchard.path(&format!("{class}/{number}.png")), thing(colour, number)).unwrap();
            }
        }
        orchard
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self) -> Vec<u8> {
        fs::read(self.path("orchard.gallery")).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Said {
        let Output { status, stdout, stderr } =
            program().args(arguments).current_dir(self.folder.path()).output().unwrap();
        let [stdout, stderr] = [stdout, stderr].map(|text| String::from_utf8(text).unwrap());
        Said { code: status.code().unwrap(), stdout, stderr }
    }

    /// What `gallery` says with that model, and whether it went well.
    fn gallery(&self, model: &Path, arguments: &[&str]) -> Said {
        self.run(&[&["gallery", "--model", model.to_str().unwrap()], arguments].concat())
    }

    /// What `gallery` prints where it goes well.
    fn does(&self, model: &Path, arguments: &[&str]) -> String {
        let said = self.gallery(model, arguments);
        assert_eq!(said.code, 0, "{arguments:?}: {}", said.stderr);
        said.stdout
    }

    /// What `gallery` complains of where it does not.
    fn refuses(&self, model: &Path, arguments: &[&str]) -> String {
        let said = self.gallery(model, arguments);
        assert_eq!(said.code, 1, "{arguments:?}: {}", said.stdout);
        said.stderr
    }

    /// Adds the photos of these folders, each as a class of that name.
    fn teach(&self, model: &Path, classes: &[&str]) {
        for class in classes {
            let photos = [1, 2, 3].map(|number| format!("{class}/{number}.png"));
            let photos = photos.each_ref().map(String::as_str);
            self.does(model, &[&["add", "--no-evaluate", "--class", class], &photos[..]].concat());
        }
    }
}

/// A picture of one colour with stripes, which the number moves and shades.
fn thing(colour: [u8; 3], number: u8) -> Vec<u8> {
    let picture = RgbImage::from_fn(64, 64, |x, y| {
        let shade = ((x + y * u32::from(number)) % 16) as u8 + number * 3;
        Rgb(colour.map(|value| value.saturating_add(shade)))
    });
    encode(&picture, ImageFormat::Png)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn what_is_added_and_taken_out_leaves_the_file_as_it_was() {
    let (model, orchard) = (TestModel::new(), Orchard::new());
    let model = model.path();
    let said = orchard.does(model, &["add", "--class", "red", "--label", "红蜘蛛", "red/1.png", "red/2.png"]);
    assert!(said.contains("2 photos added to 红蜘蛛, 2 photos in all") && said.contains("right after"), "{said}");
    let before = orchard.file();

    orchard.teach(model, &["blue"]);
    let said =
        orchard.does(model, &["add", "--class", "orthaga_euadrusalis", "green/1.png", "green/2.png", "green/1.png"]);
    assert!(said.contains("skipped green/1.png: the same photo as green/1.png"), "{said}");
    assert!(said.contains("right before"), "{said}");
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
fn photos_are_checked_before_anything_is_written() {
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
    let left: Vec<_> = fs::read_dir(orchard.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 5, "nothing half written is left: {left:?}");
}

#[test]
fn a_class_of_no_name_is_hinted_at() {
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
fn a_class_gets_another_id_and_label() {
    let (model, orchard) = (TestModel::new(), Orchard::new());
    let model = model.path();
    orchard.teach(model, &["red"]);
    let before = orchard.file();
    let said = orchard.does(model, &["rename", "red", "spider_mite", "--label", "红蜘蛛"]);
    assert!(said.contains("red is now spider_mite, called 红蜘蛛"), "{said}");
    let gallery = Gallery::parse(&orchard.file()).unwrap();
    let (id, class) = gallery.classes().next().unwrap();
    assert_eq!((id.as_str(), class.label(), class.len()), ("spider_mite", Some("红蜘蛛"), 3));
    orchard.does(model, &["rename", "spider_mite", "red", "--label", ""]);
    assert_eq!(orchard.file(), before);
}

#[test]
fn a_gallery_of_another_model_is_refused_and_made_anew() {
    let (old, new, orchard) = (TestModel::new(), TestModel::seeded(8), Orchard::new());
    orchard.teach(old.path(), &["red", "green"]);
    orchard.does(old.path(), &["rename", "red", "--label", "红蜘蛛"]);
    let before = orchard.file();
    let model = new.path().to_str().unwrap();
    for arguments in [
        &["gallery", "--model", model, "add", "--class", "blue", "blue/1.png"][..],
        &["gallery", "--model", model, "evaluate"],
        &["predict", "--model", model, "--gallery", "orchard.gallery", "red/1.png"],
        &["serve", "--model", model, "--gallery", "orchard.gallery", "--listen", "127.0.0.1:0"],
    ] {
        let Said { code, stdout, stderr } = orchard.run(arguments);
        assert_eq!((code, stdout.as_str()), (1, ""), "{arguments:?}");
        assert!(stderr.contains("orchard.gallery") && stderr.contains("rebuild"), "{arguments:?}: {stderr}");
    }

    fs::rename(orchard.path("green/3.png"), orchard.path("moved")).unwrap();
    let Said { code, stdout, stderr } = orchard.gallery(new.path(), &["rebuild", "red", "green"]);
    assert_eq!(code, 1, "{stdout}");
    let lost = PhotoKey::of(&fs::read(orchard.path("moved")).unwrap());
    assert!(stdout.contains(&format!("missing: {lost} of green")) && stderr.contains("--drop-missing"), "{stderr}");
    assert_eq!(orchard.file(), before);

    // Found by its bytes, not by its name.
    orchard.does(new.path(), &["rebuild", "."]);
    let photos = |bytes: &[u8]| -> Vec<_> {
        let gallery = Gallery::parse(bytes).unwrap();
        gallery.photos().map(|(class, key, _)| (class.clone(), *key)).collect()
    };
    assert_eq!(photos(&orchard.file()), photos(&before));
    let gallery = Gallery::parse(&orchard.file()).unwrap();
    assert_eq!(gallery.embedding(), new.predictor().embedding_id());
    assert!(gallery.classes().any(|(_, class)| class.label() == Some("红蜘蛛")));

    orchard.does(old.path(), &["rebuild", "."]);
    assert_eq!(orchard.file(), before, "the first model makes the first gallery again");
    orchard.does(new.path(), &["rebuild", "--drop-missing", "red", "green"]);
    assert_eq!(Gallery::parse(&orchard.file()).unwrap().len(), 5);
    orchard.refuses(new.path(), &["rebuild", "--drop-missing", "blue"]);
    assert_eq!(Gallery::parse(&orchard.file()).unwrap().len(), 5);
}

#[test]
fn without_a_gallery_folders_name_the_classes() {
    let (model, orchard) = (TestModel::new(), Orchard::new());
    let model = model.path();
    fs::write(orchard.path("red/notes.txt"), b"no photo").unwrap();
    orchard.does(model, &["rebuild", "."]);
    let rebuilt = orchard.file();
    fs::remove_file(orchard.path("orchard.gallery")).unwrap();
    orchard.teach(model, &["red", "green", "blue"]);
    assert_eq!(orchard.file(), rebuilt);

    fs::remove_file(orchard.path("orchard.gallery")).unwrap();
    fs::copy(orchard.path("red/1.png"), orchard.path("blue/4.png")).unwrap();
    let error = orchard.refuses(model, &["rebuild", "."]);
    assert!(error.contains("blue/4.png") && error.contains("red/1.png"), "{error}");
    fs::rename(orchard.path("green"), orchard.path("Green leaves")).unwrap();
    let error = orchard.refuses(model, &["rebuild", "Green leaves"]);
    assert!(error.contains("Green leaves/1.png") && error.contains("rename"), "{error}");
    assert!(!orchard.path("orchard.gallery").exists());
}

#[test]
fn a_photo_under_the_wrong_class_is_pointed_out() {
    let orchard = Orchard::new();
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/leaf-mini");
    orchard.teach(&model, &["red", "blue"]);
    let planted = thing([230, 60, 50], 9);
    fs::write(orchard.path("planted.png"), &planted).unwrap();
    let said = orchard.does(&model, &["add", "--class", "blue", "planted.png"]);
    let blue = said.lines().find(|line| line.starts_with("blue")).unwrap();
    let cells: Vec<&str> = blue.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
    assert_eq!(cells, ["blue", "blue", "4", "100.0 %", "75.0 %"], "{said}");

    let key = PhotoKey::of(&planted).to_string();
    let report = json(&orchard.does(&model, &["evaluate", "--json"]));
    let again = report["look_again"].as_array().unwrap();
    assert_eq!(
        (&report["photos"], &report["held"], &report["right"]),
        (&7.into(), &7.into(), &(7 - again.len()).into())
    );
    // It also misleads those that it is like; it is the surest.
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

#[test]
fn predict_tells_what_it_knows_from_few_photos() {
    let (model, orchard) = (TestModel::new(), Orchard::new());
    orchard.teach(model.path(), &["red", "blue"]);
    orchard.does(model.path(), &["rename", "red", "--label", "红蜘蛛"]);
    orchard.does(model.path(), &["--gallery", "more.gallery", "add", "--class", "healthy", "green/1.png"]);
    let predict = |flags: &[&str]| {
        let fixed = ["predict", "--model", model.path().to_str().unwrap(), "--gallery", "orchard.gallery"];
        let said = orchard.run(&[&fixed[..], &["--gallery", "more.gallery"], flags].concat());
        assert_eq!(said.code, 0, "{}", said.stderr);
        said.stdout
    };
    let table = predict(&["red/1.png"]);
    let ends = |name: &str, end: &str| table.lines().any(|line| line.contains(name) && line.ends_with(end));
    assert!(ends("红蜘蛛", "%  known from 3 photos") && ends("Healthy leaf", "%  1 local photo"), "{table}");
    let line = json(&predict(&["--json", "green/1.png"]));
    let prediction: Prediction = serde_json::from_value(line["prediction"].clone()).unwrap();
    let galleries =
        ["orchard.gallery", "more.gallery"].map(|file| Gallery::parse(&fs::read(orchard.path(file)).unwrap()).unwrap());
    let photo = mango_inference::Photo::decode(&fs::read(orchard.path("green/1.png")).unwrap()).unwrap();
    assert_eq!(prediction, model.predictor().with_galleries(&galleries).unwrap().predict(&photo).unwrap());
    let healthy = prediction.classes.iter().find(|class| class.id.as_str() == "healthy").unwrap();
    assert_eq!((healthy.basis, healthy.photos), (Basis::Trained, 1));
    let new = prediction.classes.iter().filter(|class| class.basis == Basis::FewPhotos);
    assert_eq!(new.count(), 2);
}

/// What the relay answers to a red thing.
async fn ask(relay: &Relay, orchard: &Orchard) -> Prediction {
    let photo = fs::read(orchard.path("red/1.png")).unwrap();
    let upload = relay.client().post(relay.url("/upload_image")).multipart(form(photo));
    upload.send().await.unwrap().json().await.unwrap()
}

/// Waits until the relay's log says something that many times.
fn until_logged(relay: &Relay, times: usize, text: &str) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while relay.log().matches(text).count() < times {
        assert!(Instant::now() < deadline, "{text:?} is not {times} times in the log: {}", relay.log());
        thread::sleep(Duration::from_millis(50));
    }
}

#[tokio::test]
async fn the_relay_learns_while_it_serves_and_keeps_what_it_has_when_a_file_is_damaged() {
    let (model, orchard) = (TestModel::new(), Orchard::new());
    orchard.teach(model.path(), &["blue"]);
    let file = orchard.path("orchard.gallery");
    let relay = Relay::start(&model, &["--gallery", file.to_str().unwrap()]);
    assert!(relay.log().contains("orchard.gallery: 3 photos of 1 class"), "{}", relay.log());
    assert_eq!(ask(&relay, &orchard).await.classes.len(), 9);

    orchard.teach(model.path(), &["red"]);
    until_logged(&relay, 1, "orchard.gallery: 6 photos of 2 classes");
    let taught = ask(&relay, &orchard).await;
    assert_eq!((taught.classes[0].id.as_str(), taught.classes[0].photos), ("red", 3), "{taught:?}");

    let whole = orchard.file();
    fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    until_logged(&relay, 1, "going on with the 6 photos that it had");
    assert_eq!(ask(&relay, &orchard).await, taught);
    fs::remove_file(&file).unwrap();
    until_logged(&relay, 1, "there is no gallery");
    assert_eq!(ask(&relay, &orchard).await, taught);

    fs::write(&file, &whole).unwrap();
    orchard.does(model.path(), &["remove", "--class", "blue"]);
    until_logged(&relay, 2, "orchard.gallery: 3 photos of 1 class\n");
    assert_eq!(ask(&relay, &orchard).await.classes.len(), 9);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn hostile_files_take_no_memory() {
    let (model, orchard) = (TestModel::new(), Orchard::new());
    orchard.teach(model.path(), &["red"]);
    let file = orchard.path("orchard.gallery");
    let relay = Relay::start(&model, &["--gallery", file.to_str().unwrap()]);
    let taught = ask(&relay, &orchard).await;
    let before = relay.peak_memory();

    let whole = orchard.file();
    fs::write(&file, &whole).unwrap();
    File::options().write(true).open(&file).unwrap().set_len(4 << 30).unwrap();
    until_logged(&relay, 1, "larger than any gallery");
    // A list of 2^62 classes, signed as a true file is.
    let mark = whole.split_inclusive(|byte| *byte == b'\n').next().unwrap();
    let mut forged = [mark, &[0; 32], &[0xff; 8], &[0x3f]].concat();
    let digest = PhotoKey::of(&forged).to_string();
    forged.extend((0..64).step_by(2).map(|at| u8::from_str_radix(&digest[at..at + 2], 16).unwrap()));
    fs::write(&file, forged).unwrap();
    until_logged(&relay, 1, "cut short or damaged");
    assert_eq!(ask(&relay, &orchard).await, taught);
    let grown = relay.peak_memory() - before;
    assert!(grown < 64 << 20, "{} MiB more than before", grown >> 20);
    let error = orchard.refuses(model.path(), &["list"]);
    assert!(error.contains("orchard.gallery") && error.contains("damaged"), "{error}");
}
