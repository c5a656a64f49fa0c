use super::model::{MANIFEST, PESTS, WEIGHTS, bare, cases, js, parse, photo, scout, thrown};
use mango_inference::Basis;
use mango_wasm::{OrchardGallery, Scout};
use wasm_bindgen_test::wasm_bindgen_test;

fn classes(gallery: &OrchardGallery) -> serde_json::Value {
    serde_json::from_str(&gallery.classes()).unwrap()
}

#[wasm_bindgen_test]
fn a_gallery_photo_is_recognised_until_it_is_removed() {
    let mut scout = scout();
    let before = scout.predict(&photo(), false).unwrap();
    let mut gallery = scout.new_gallery();
    let taught = scout.embed(&photo()).unwrap();
    gallery.add("red_spider_mite", &taught).unwrap();
    gallery.label("red_spider_mite", Some("红蜘蛛".to_owned())).unwrap();
    scout.use_galleries(vec![js(PESTS), js(&gallery.serialize())]).unwrap();
    let prediction = parse(&scout.predict(&photo(), false).unwrap());
    let best = prediction.best().unwrap();
    assert_eq!((best.id.as_str(), best.basis, best.photos), ("red_spider_mite", Basis::FewPhotos, 1));
    gallery.remove(&taught.key()).unwrap();
    scout.use_galleries(vec![js(PESTS), js(&gallery.serialize())]).unwrap();
    assert_eq!(scout.predict(&photo(), false).unwrap(), before);
}

#[wasm_bindgen_test]
fn a_gallery_can_be_changed_written_and_read() {
    let scout = bare();
    let photos: Vec<_> = cases().into_iter().filter(|case| case.name.ends_with("orientation 3")).collect();
    let embedded: Vec<_> = photos.iter().map(|case| scout.embed(&case.photo).unwrap()).collect();
    let mut gallery = scout.new_gallery();
    assert_eq!((gallery.size(), gallery.embedding_id()), (0, scout.embedding_id()));
    gallery.add("a", &embedded[0]).unwrap();
    gallery.add("b", &embedded[1]).unwrap();
    gallery.add("b", &embedded[2]).unwrap();
    gallery.rename("a", "c").unwrap();
    gallery.label("c", Some("煤烟".to_owned())).unwrap();
    let mut read = OrchardGallery::parse(&gallery.serialize()).unwrap();
    assert_eq!((read.size(), classes(&read)), (3, classes(&gallery)));
    assert_eq!(classes(&read)[1]["label"], "煤烟");
    assert_eq!(classes(&read)[1]["photos"], serde_json::json!([embedded[0].key()]));
    read.remove_class("b").unwrap();
    read.label("c", None).unwrap();
    assert_eq!((read.size(), classes(&read)[0]["label"].is_null()), (1, true));
}

#[wasm_bindgen_test]
fn the_order_of_adding_does_not_matter() {
    let scout = bare();
    let [one, two] = ["jpeg, EXIF orientation 1", "png, EXIF orientation 5"]
        .map(|name| scout.embed(&cases().into_iter().find(|case| case.name == name).unwrap().photo).unwrap());
    let [mut forth, mut back] = [scout.new_gallery(), scout.new_gallery()];
    forth.add("a", &one).and_then(|()| forth.add("a", &two)).unwrap();
    back.add("a", &two).and_then(|()| back.add("a", &one)).unwrap();
    assert_eq!(forth.serialize(), back.serialize());
}

#[wasm_bindgen_test]
fn a_refused_change_has_no_effect() {
    let scout = bare();
    let embedded = scout.embed(&photo()).unwrap();
    let mut gallery = scout.new_gallery();
    gallery.add("a", &embedded).unwrap();
    let before = gallery.serialize();
    assert_eq!(thrown(gallery.add("b", &embedded)).0, "gallery_refuses");
    assert_eq!(thrown(gallery.add("Not An Id", &embedded)).0, "bad_argument");
    assert_eq!(thrown(gallery.remove("00")).0, "gallery_refuses");
    assert_eq!(thrown(gallery.remove_class("b")).0, "gallery_refuses");
    assert_eq!(thrown(gallery.rename("b", "c")).0, "gallery_refuses");
    assert_eq!(thrown(gallery.label("a", Some("\u{202e}".to_owned()))).0, "gallery_refuses");
    let other = MANIFEST.replace("\"mean\": 127.0", "\"mean\": 126.0");
    assert_ne!(other, MANIFEST);
    let other = Scout::new(&other, WEIGHTS.to_vec(), None).unwrap();
    let (code, message) = thrown(gallery.add("a", &other.embed(&photo()).unwrap()));
    assert!(code == "gallery_refuses" && message.contains("another model"), "{code}: {message}");
    assert_eq!(gallery.serialize(), before);
}
