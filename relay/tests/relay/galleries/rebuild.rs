//! Tests of `mango-relay gallery rebuild` with the real program.

use std::fs;

use crate::common::TestModel;
use crate::galleries::fixtures::{Orchard, Run};
use mango_inference::{Gallery, PhotoKey};

#[test]
fn a_gallery_of_another_model_is_refused_and_can_be_rebuilt() {
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
        let Run { code, stdout, stderr } = orchard.run(arguments);
        assert_eq!((code, stdout.as_str()), (1, ""), "{arguments:?}");
        assert!(stderr.contains("orchard.gallery") && stderr.contains("rebuild"), "{arguments:?}: {stderr}");
    }

    fs::rename(orchard.path("green/3.png"), orchard.path("moved")).unwrap();
    let Run { code, stdout, stderr } = orchard.gallery(new.path(), &["rebuild", "red", "green"]);
    assert_eq!(code, 1, "{stdout}");
    let lost = PhotoKey::of(&fs::read(orchard.path("moved")).unwrap());
    assert!(stdout.contains(&format!("missing: {lost} of green")) && stderr.contains("--drop-missing"), "{stderr}");
    assert_eq!(orchard.file(), before);

    // The photo is found by its bytes, not by its name.
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
fn without_a_gallery_folder_names_are_the_classes() {
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
