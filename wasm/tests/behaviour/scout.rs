use super::model::{CATALOG, MANIFEST, PESTS, bare, cases, js, parse, photo, scout, thrown};
use mango_inference::{Basis, Gallery, Manifest, Verdict};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn a_prediction_ranks_every_class_of_model_and_gallery() {
    let prediction = parse(&scout().predict(&photo(), false).unwrap());
    assert_eq!((prediction.model.name.as_str(), prediction.heatmap), ("leaf-mini", None));
    let sum: f32 = prediction.classes.iter().map(|class| class.probability).sum();
    assert!((sum - 1.0).abs() < 1e-4, "{sum}");
    let few = prediction.classes.iter().filter(|class| class.basis == Basis::FewPhotos && class.photos > 0);
    let trained = Manifest::parse(MANIFEST).unwrap().classes.len();
    assert_eq!((few.count(), prediction.classes.len()), (15, trained + 15));
}

#[wasm_bindgen_test]
fn the_heat_map_comes_with_the_same_answer() {
    let scout = scout();
    let plain = parse(&scout.predict(&photo(), false).unwrap());
    let mut explained = parse(&scout.predict(&photo(), true).unwrap());
    let map = explained.heatmap.take().unwrap();
    assert_eq!(map.values.len(), map.width * map.height);
    assert!(map.values.iter().all(|value| (0.0..=1.0).contains(value)));
    assert_eq!(explained, plain);
}

#[wasm_bindgen_test]
fn several_photos_give_one_answer_in_any_order() {
    let scout = scout();
    let [one, two] = ["jpeg, EXIF orientation 1", "16-bit png"]
        .map(|name| js(&cases().into_iter().find(|case| case.name == name).unwrap().photo));
    let forth = scout.predict_many(vec![one.clone(), two.clone()]).unwrap();
    assert_eq!(forth, scout.predict_many(vec![two, one.clone()]).unwrap());
    assert_eq!(scout.predict_many(vec![one]).unwrap(), scout.predict(&photo(), false).unwrap());
    for count in [0, 7] {
        let (code, message) = thrown(scout.predict_many(vec![js(&photo()); count]));
        assert_eq!(code, "bad_argument");
        assert!(message.contains("1 to 6"), "{message}");
    }
}

#[wasm_bindgen_test]
fn name_version_and_embedding_are_those_of_the_model() {
    let scout = scout();
    let manifest: serde_json::Value = serde_json::from_str(MANIFEST).unwrap();
    assert_eq!(scout.model_name(), manifest["model"]["name"].as_str().unwrap());
    assert_eq!(scout.model_version(), manifest["model"]["version"].as_str().unwrap());
    assert_eq!(scout.embedding_id(), Gallery::parse(PESTS).unwrap().embedding().to_string());
    let version = mango_wasm::version();
    let (number, revision) = version.split_once('+').unwrap();
    assert_eq!((number, revision.is_empty()), (env!("CARGO_PKG_VERSION"), false));
}

#[wasm_bindgen_test]
fn a_guild_is_named_if_the_species_is_unsure_and_a_catalog_is_set() {
    let mut scout = bare();
    // One picture in two files, added as two species of one guild, which cannot be distinguished.
    let [one, two] = [photo(), [photo(), vec![0]].concat()].map(|file| scout.embed(&file).unwrap());
    let mut gallery = scout.new_gallery();
    gallery.add("procontarinia_matteiana", &one).and_then(|()| gallery.add("procontarinia_rubus", &two)).unwrap();
    scout.use_galleries(vec![js(&gallery.serialize())]).unwrap();
    let without = parse(&scout.predict(&photo(), false).unwrap());
    assert_eq!((without.verdict, without.guild), (Verdict::Unsure, None));
    scout.use_catalog(CATALOG).unwrap();
    let guild = parse(&scout.predict(&photo(), false).unwrap()).guild.unwrap();
    assert_eq!(guild.id.as_str(), "gall_midges");
}
